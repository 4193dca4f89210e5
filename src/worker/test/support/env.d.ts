// What the tests find in `env` and `exports` of `cloudflare:workers`.

declare namespace Cloudflare {
  interface Env {
    readonly DIRECTORY: DurableObjectNamespace<import('../../src/storage/directory').Directory>;
    readonly MAILBOX: DurableObjectNamespace<import('../../src/storage/mailbox').Mailbox>;
    readonly EMAIL: SendEmail;
    readonly SETUP_KEY: string;
  }

  interface GlobalProps {
    mainModule: typeof import('./worker');
  }
}
