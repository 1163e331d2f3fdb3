// Package ui is the console: one Bubble Tea model over a feed of frames. It keeps how a session looks at things (the
// panel, the cursor, a dialog) and nothing of what is looked at; panels draw it, an Operator acts, an Ask answers.
//
// What it promises:
//   - Nothing here is shared between sessions, and no package-level variable changes.
//   - Update never waits: whatever may take time is a command with a deadline that comes from Env.Ctx.
//   - Writes are the Operator's. They live on when the screen goes away.
//   - Keys that act are capitals, and are never live while a text is typed or a dialog is open. A dialog takes keys once
//     it is known to be on the operator's screen.
//   - A panel that fails to draw is said to have failed; the rest of the screen, and rolling back, go on.
//
// # Why
//
// One model and plain parts, because nested models pass messages to each other that only one of them needs. One table of
// verbs, from which keys, help, palette, README and config names come, because five lists of keys are five truths. Cells
// until the very end, because a dialog over a screen of escape sequences cannot be cut out and put in.
package ui
