/** The first cell of a row that opens: its name, as the button that shows or hides what is below. */
type Props = { name: string; isOpen: boolean; title: string; onOpen(): void }

export const RowKey = ({ name, isOpen, title, onOpen }: Props) => (
  <th scope="row">
    <button
      type="button"
      class="quiet row-key"
      aria-expanded={isOpen}
      title={title}
      translate={false}
      onClick={onOpen}
    >
      {name}
    </button>
  </th>
)
