// What every page loads. Every page works without it; each module looks for its own marks in the page and leaves else alone.
import { theme } from "./theme.js";
import { asOf } from "./as_of.js";
import { copying } from "./copying.js";
import { suggest } from "./suggest.js";
import { printing } from "./printing.js";
import { vocabulary } from "./vocabulary.js";
import { picture } from "./picture.js";

theme();
asOf();
copying();
suggest();
printing();
vocabulary();
picture();
