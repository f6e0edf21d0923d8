/** A field of a page from before the sign-in: its name, what helps, and what is wrong with it. */
import type { Child } from 'hono/jsx'

interface DoorFieldProps {
  name: string
  label: string
  hint?: string
  problem: string | undefined
  /** Draws the control; its attributes tie it to the words around it. */
  children: (attributes: Attributes) => Child
}

interface Attributes {
  id: string
  name: string
  required: boolean
  'aria-describedby': string
  'aria-invalid': 'true' | undefined
}

export function DoorField({ name, label, hint, problem, children: control }: DoorFieldProps) {
  const id = `door-${name}`
  return (
    <div class="settings-field">
      <label class="field" for={id}>
        <span>{label}</span>
        {control({
          ...{ id, name, required: true },
          'aria-describedby': hint ? `${id}-hint ${id}-problem` : `${id}-problem`,
          'aria-invalid': problem ? 'true' : undefined,
        })}
      </label>
      {hint && (
        <p id={`${id}-hint`} class="faint settings-hint">
          {hint}
        </p>
      )}
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
