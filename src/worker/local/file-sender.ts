// Behaves as Cloudflare's `send_email` binding does, and hands the message to the runner, which writes files.

/** The emulator's EmailMessage keeps its bytes under this name; the platform's keeps them to itself. */
const RAW = 'EmailMessage::raw';

export class FileSender implements SendEmail {
  constructor(readonly outbound: Fetcher) {}

  async send(message: EmailMessage | EmailMessageBuilder): Promise<EmailSendResult> {
    const { from, to } = message as EmailMessage;
    const raw = (message as unknown as Record<string, ReadableStream<Uint8Array>>)[RAW];
    const response = await this.outbound.fetch('http://outbound/', {
      method: 'POST',
      headers: {
        'X-Envelope-From': encodeURIComponent(from),
        'X-Envelope-To': encodeURIComponent(to),
      },
      body: raw ?? null,
    });
    const answer = await response.json<{ messageId: string; code?: string; message?: string }>();

    if (!response.ok) {
      throw Object.assign(new Error(answer.message), { code: answer.code });
    }

    return { messageId: answer.messageId };
  }
}
