/** A dealer's row of an assessment. */
import type { AssessmentAnswer } from '../../../reports/assessmentAnswer.ts'

export type DealerRow = AssessmentAnswer['rbos'][number]['dealers'][number]
export type DealerOutcome = DealerRow['outcome']
