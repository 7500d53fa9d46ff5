/** What is wider than the page scrolls sideways by itself; it takes the focus, so that keys can scroll it too. */
import type { ComponentChildren } from 'preact'

export const Scroll = ({ label, children }: { label: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks that keys reach what scrolls
  <section class="scroll" aria-label={label} tabIndex={0}>
    {children}
  </section>
)
