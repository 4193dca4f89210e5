// Stands for the `send_email` binding: keeps what is sent, and answers as a test tells it to.

/** The emulator's EmailMessage keeps its bytes under this name. */
const RAW = 'EmailMessage::raw';

export interface SentMail {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
}

class TestSender implements SendEmail {
  readonly sent: SentMail[] = [];
  /** Called before a message is kept; it may throw, or never come back. */
  answer: (to: string) => void | Promise<void> = () => {};

  async send(message: EmailMessage | EmailMessageBuilder): Promise<EmailSendResult> {
    const { from, to } = message as EmailMessage;
    const stream = (message as unknown as Record<string, ReadableStream>)[RAW];
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    await this.answer(to);
    this.sent.push({ from, to, raw: latin1(bytes) });

    return { messageId: '<sent@test>' };
  }

  reset(): void {
    this.sent.length = 0;
    this.answer = () => {};
  }
}

export const sender = new TestSender();

/** Throws what the platform throws. */
export function platformError(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`told to fail with ${code}`), { code });
  };
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => String.fromCharCode(octet)).join('');
}
