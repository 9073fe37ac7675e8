// How the editor looks: only roles of colour from tokens.css, which reach into the shadow root and follow the theme.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": {
    minHeight: "16rem", maxHeight: "60vh", fontSize: "var(--text-s)", color: "var(--text)", backgroundColor: "var(--ground)",
    border: "1px solid var(--edge)", borderRadius: "var(--radius-s)",
  },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "16rem" },
  ".cm-content": { caretColor: "var(--text)", padding: "var(--s2) 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderRight: "1px solid var(--line-colour)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--raised) 70%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-ground)", outline: "1px solid var(--edge)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--danger-ground)" },
  // The pictures of waves that come with the editor are data: addresses, which the policy of content forbids.
  ".cm-lintRange-error": { backgroundImage: "none", backgroundColor: "var(--danger-ground)", textDecoration: "underline wavy var(--danger)", textUnderlineOffset: "3px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
  ".cm-lintRange-active": { backgroundColor: "var(--danger-ground)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--edge)", borderRadius: "var(--radius-s)", boxShadow: "var(--shadow)", fontFamily: "var(--sans)", maxWidth: "min(34rem, 92vw)" },
  ".cm-tooltip-hover p": { margin: "var(--s1) var(--s2)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", maxHeight: "18rem", maxWidth: "min(34rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "var(--s1) var(--s2)", whiteSpace: "normal", lineHeight: "1.4" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--quiet)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "650" },
  ".cm-tooltip.cm-completionInfo": { padding: "var(--s2) var(--s3)", fontSize: "var(--text-s)", width: "20rem" },
  ".cm-specialChar": { color: "var(--danger)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--kind-decision)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--kind-system)" },
  { tag: [tags.url, tags.namespace], color: "var(--link)" },
  { tag: tags.typeName, color: "var(--kind-indicator)" },
  { tag: tags.string, color: "var(--kind-indicator)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--kind-task)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

export const looks = [theme, syntaxHighlighting(colours)];
