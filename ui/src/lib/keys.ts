/** Whether a key goes into a field, and so means only itself. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.matches('input, textarea');
}
