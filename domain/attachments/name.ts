/** The name of an attachment as it is kept: no folder, nothing invisible, any script. */
import { type AttachmentType, attachmentTypes } from './attachments.ts'

/** UTF-8 bytes of a name, as most file systems take them. */
const maxNameBytes = 200

/** Invisible characters and those that turn the direction of the text: a name must read as what it is. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu
/** What Windows and shells read as something else. */
const reserved = /[<>:"|?*]/g

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** As many characters from the beginning as fit the bytes. */
const cut = (text: string, bytes: number): string => {
  let [kept, used] = ['', 0]
  for (const character of text) {
    used += bytesOf(character)
    if (used > bytes) break
    kept += character
  }
  return kept
}

/**
 * Cleans a name that a caller gave: the last part of a path, NFC, without control, format and direction characters, at
 * most 200 bytes with its ending kept. Nothing left: `attachment` with the ending of its type.
 */
export const cleanName = (given: string, mediaType: AttachmentType): string => {
  const last =
    given
      .toWellFormed()
      .replace(invisible, '')
      .split(/[/\\]/)
      .filter((part) => part.trim() !== '')
      .at(-1) ?? ''
  const name = last
    .normalize('NFC')
    .replace(reserved, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  if (name === '') return `attachment.${attachmentTypes[mediaType].ending}`
  if (bytesOf(name) <= maxNameBytes) return name
  const ending = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? ''
  return `${cut(name.slice(0, name.length - ending.length), maxNameBytes - bytesOf(ending))}${ending}`
}
