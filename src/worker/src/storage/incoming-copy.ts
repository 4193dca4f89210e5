// One message of an import while it comes in: its bytes, the digests by which it may be known, and its limit.

import { OtherLineEnd } from '../mail/other-line-end';
import type { Upload, UploadedMessage } from './upload';

export interface WholeCopy {
  readonly uploaded: UploadedMessage;
  readonly otherSha256: string | null;
}

export class IncomingCopy {
  readonly #otherLineEnd = new OtherLineEnd();
  #isTooLarge = false;

  constructor(
    readonly upload: Upload,
    readonly received: number,
    readonly limit: number,
  ) {}

  /** What is beyond the limit is read and dropped, so that the messages after it are reached. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isTooLarge) {
      return;
    }

    if (this.upload.octets + bytes.length > this.limit) {
      this.#isTooLarge = true;
      this.upload.discard();
      return;
    }

    await this.upload.write(bytes);
    await this.#otherLineEnd.write(bytes);
  }

  /** Null where the message was too large. */
  async finish(): Promise<WholeCopy | null> {
    if (this.#isTooLarge) {
      return null;
    }

    return {
      uploaded: await this.upload.finish(),
      otherSha256: await this.#otherLineEnd.finish(),
    };
  }
}
