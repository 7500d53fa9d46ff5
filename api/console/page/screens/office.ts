/** Reports and what HQ sets, in one file of the built page that is loaded when somebody first opens one of them. */
export { CareReport } from '../care/CareReport.tsx'
export { AccessLog } from '../hq/AccessLog.tsx'
export { Assessment } from '../hq/Assessment.tsx'
export { Calendars } from '../hq/Calendars.tsx'
export { PolicyScreen } from '../hq/Policy.tsx'
export { WhatIf } from '../hq/WhatIf.tsx'
export { Picture } from '../reports/Picture.tsx'
export { Rates } from '../reports/Rates.tsx'
