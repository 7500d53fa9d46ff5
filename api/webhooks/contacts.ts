/** The SMS contacts that go with an event (rulebook §12). */

export type SmsContact = { name: string; mobile: string; duty: 'handler' | 'manager' }

/** The accepted contacts of the unit that holds a ticket. No dealer has named any yet. */
export const smsContactsOf = (_holder: { tier: string; unit: string } | null): SmsContact[] => []
