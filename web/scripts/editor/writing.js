// The editor: CodeMirror in a shadow root, where its styles are adopted sheets, which the policy of content permits.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, LanguageSupport } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { looks } from "./looks.js";
import { complete, hover } from "./completion.js";

// The package leaves names with a prefix without a colour.
const language = SparqlLanguage.configure({
  props: [styleTags({ "Pname_ln Pname_ns": tags.url, A_predicate: tags.keyword, "Blank_node_label Anon": tags.variableName, Langtag: tags.typeName })],
});

export class Writing {
  // `field`: the text area of the form, which keeps the text for the browser; `run`, `leave`: what the keys do.
  constructor(place, field, { run, leave }) {
    this.field = field;
    const keys = [
      { key: "Mod-Enter", run: () => (run(), true) },
      { key: "Escape", run: () => (leave(), true) },
    ];
    this.view = new EditorView({
      doc: field.value,
      root: place.attachShadow({ mode: "open" }),
      extensions: [
        Prec.high(keymap.of(keys.slice(0, 1))),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [complete], activateOnTypingDelay: 150, maxRenderedOptions: 60, icons: false }),
        hover,
        new LanguageSupport(language),
        looks,
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        // Tab moves on, as everywhere: whoever came in by the keyboard gets out by it.
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap.filter((one) => one.key !== "Escape")]),
        Prec.low(keymap.of(keys.slice(1))),
        EditorView.contentAttributes.of({ "aria-label": place.dataset.label, spellcheck: "false", autocapitalize: "off", tabindex: "0" }),
        EditorView.domEventHandlers({ beforeinput: replaced }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) field.value = this.text;
        }),
      ],
    });
    place.shadowRoot.append(this.view.dom);
    place.hidden = false;
    field.hidden = true;
    field.required = false; // a hidden field that is required would stop the form without a word
    document.querySelector("#query-label").removeAttribute("for");
    const { line, column, fault } = field.dataset;
    if (line) this.mark({ line: Number(line), column: Number(column), message: fault });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  focus() {
    this.view.focus();
  }

  // A fault at line and column (characters, from 1), as the server tells it; null takes the mark away.
  mark(fault) {
    const { doc } = this.view.state;
    const found = [];
    if (fault) {
      const line = doc.line(Math.min(Math.max(fault.line, 1), doc.lines));
      const before = [...line.text].slice(0, Math.max(fault.column - 1, 0)).join("").length; // characters, not units of UTF-16
      let from = Math.min(line.from + before, line.to);
      const rest = /^[\p{L}\p{N}_:?$-]+|^./u.exec(doc.sliceString(from, line.to));
      const to = rest ? from + rest[0].length : line.to;
      if (from === to && from > line.from) from -= 1;
      found.push({ from, to, severity: "error", message: fault.message });
      this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    }
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }
}

// Letters over marked text: Chromium would keep the looks of the first by an inline style, which the policy forbids.
function replaced(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || view.composing || empty || !event.data) return false;
  event.preventDefault();
  const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  const handled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert));
  if (!handled) view.dispatch(insert());
  return true;
}
