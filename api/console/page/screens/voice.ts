/** The customer-voice desk in one file of the built page that is loaded when somebody first opens a screen of it. */
export { Items } from '../voice/Items.tsx'
export { Ledger } from '../voice/Ledger.tsx'
export { SheetPanel } from '../voice/SheetPanel.tsx'
export { Sheets } from '../voice/Sheets.tsx'
export { VoiceReport } from '../voice/VoiceReport.tsx'
