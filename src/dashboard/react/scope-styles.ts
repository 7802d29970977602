/** Puts a style sheet of ours below one class, so that a host's page stays as it is: a plugin for PostCSS. */
import type { AcceptedPlugin, AtRule, Root, Rule } from 'postcss'

const CLASS = '.daybook'
const DARK = '(prefers-color-scheme: dark)'
const WIDTHS = /^\((min|max)-width: [^)]+\)( and \((min|max)-width: [^)]+\))?$/

export const scopeStyles: AcceptedPlugin = { postcssPlugin: 'scope-styles', OnceExit: scope }

function scope(root: Root): void {
  const moves = new Set<string>()
  root.walkAtRules('keyframes', (frames) => void moves.add(frames.params))
  root.walkAtRules('keyframes', (frames) => {
    frames.params = `daybook-${frames.params}`
  })
  root.walkDecls('animation', (animation) => {
    animation.value = animation.value.replace(/^\S+/, (name) => (moves.has(name) ? `daybook-${name}` : name))
  })
  root.walkRules((rule) => {
    if (!isInner(rule)) rule.selectors = rule.selectors.map(toScoped)
  })
  root.walkAtRules('media', (media) => {
    if (media.params === DARK) alsoOnDemand(media)
    // A piece has the width that the host gives it.
    if (WIDTHS.test(media.params)) Object.assign(media, { name: 'container', params: `daybook ${media.params}` })
  })
}

const toScoped = (selector: string): string =>
  /^(:root|body)/.test(selector) ? selector.replace(/^(:root|body)/, CLASS) : `${CLASS} ${selector}`

/** A frame of a movement, or nested in a rule that has the class already. */
const isInner = ({ parent }: Rule): boolean =>
  parent?.type === 'rule' || (parent?.type === 'atrule' && (parent as AtRule).name === 'keyframes')

/** Dark where the system is and the host does not say otherwise, and where the host says so. */
function alsoOnDemand(media: AtRule): void {
  for (const rule of media.nodes?.toReversed() ?? []) {
    if (rule.type !== 'rule') continue
    media.after(rule.clone({ selectors: rule.selectors.map((selector) => `${selector}[data-theme="dark"]`) }))
    rule.selectors = rule.selectors.map((selector) => `${selector}:not([data-theme="light"])`)
  }
}
