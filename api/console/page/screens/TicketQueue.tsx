/** A list of tickets under a heading. */
import type { ComponentChildren } from 'preact'
import type { TicketRowAnswer } from '../../../tickets/responseSchemas.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import type { StreamItem } from '../live/reader.ts'
import { TicketRow } from './TicketRow.tsx'

type Props = {
  path: string
  title: Words
  /** Said where there is no ticket. */
  empty: Words
  concerns?: (item: StreamItem) => boolean
  children?: ComponentChildren
}

export const TicketQueue = ({ path, title, empty, concerns, children }: Props) => {
  const list = useList<TicketRowAnswer>(path, concerns)
  return (
    <RowList
      list={list}
      title={say(title)}
      empty={say(empty)}
      keyOf={({ ticketNo }) => ticketNo}
      ticketNoOf={({ ticketNo }) => ticketNo}
      render={(ticket) => <TicketRow ticket={ticket} />}
    >
      {children}
    </RowList>
  )
}
