/** Whether a key goes into a field, and so means only itself. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.matches('input, textarea');
}

/** Whether a field here holds what was not sent yet. */
export const isHalfWritten = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type='checkbox'], [type='radio'], [type='search']), textarea")].some(
    (field) => field.value !== field.defaultValue,
  );
