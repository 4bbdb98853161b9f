import { ref, toRef, type Ref } from 'vue'
import type { Slip, SlipCommandName } from '@/api'
import { slipForms } from '@/modules/ticket/command_forms'
import { useTickets } from '@/modules/ticket/ticket.store'
import { useSender } from '@/modules/ticket/useSender'

/** Acts upon slips from wherever they are shown: at once where nothing is to be filled in, else through the form. */
export function useSlipAct(ticketId: Ref<string>) {
  const tickets = useTickets()
  const sender = useSender(ticketId)
  const dialog = ref<{ slip: Slip; command: SlipCommandName }>()

  const allowedFor = (slip: { id: string; ticket_id: string }): readonly SlipCommandName[] =>
    tickets.known.get(slip.ticket_id)?.slip_commands?.find(({ slip_id }) => slip_id === slip.id)?.commands ?? []

  /** @returns whether it was done at once */
  async function choose(slip: Slip, command: SlipCommandName): Promise<boolean> {
    sender.forget()
    // A confirmation is looked at once more; signing is one tap.
    if (slipForms[command].fields.length > 0 || command === 'confirm') {
      dialog.value = { slip, command }
      return false
    }
    return sender.sendForSlip(slip.id, command, {})
  }
  return { ...sender, dialog: toRef(dialog), allowedFor, choose }
}
