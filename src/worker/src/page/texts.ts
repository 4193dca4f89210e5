// The words of the page at `/`, in each language that it has.

export interface PageTexts {
  /** For the `lang` attribute: screen readers and fonts go by it. */
  readonly tag: string;
  readonly lead: string;
  readonly state: string;
  readonly ready: string;
  readonly serves: (domains: readonly string[]) => string;
  readonly notReady: string;
  readonly next: (command: string) => readonly [string, string, string];
  readonly guide: string;
  readonly failing: string;
  readonly failingNote: string;
  readonly connect: string;
  readonly connectNote: string;
  readonly desktop: string;
  readonly desktopNote: string;
  readonly version: string;
}

const MAX_SHOWN_DOMAINS = 20;

const english: PageTexts = {
  tag: 'en',
  lead: 'This is a Neko Mail server: it receives, keeps and sends the mail of its owner’s domains.',
  state: 'State',
  ready: 'This server is set up.',
  serves: (domains) => `It serves ${joined(domains, ', ', (more) => ` and ${more} more`)}.`,
  notReady: 'This server is not set up yet.',
  next: (command) => [
    'Is it yours? On the computer you deployed it from, run ',
    command,
    ' in the Worker’s folder.',
  ],
  guide: 'The Worker’s guide has every step',
  failing: 'Storage does not answer right now.',
  failingNote: 'Mail that arrives meanwhile waits at its sender’s server. Try again in a minute.',
  connect: 'Connect',
  connectNote:
    'In Neko Mail on your computer, add an account with your mail address, your password and this server:',
  desktop: 'Get the desktop program',
  desktopNote:
    'Neko Mail lets any mail program on your computer read and send this mail. Download it here:',
  version: 'Version',
};

const chinese: PageTexts = {
  tag: 'zh-Hans',
  lead: '这是一台 Neko Mail 服务器，为其主人的域名接收、保存和发送邮件。',
  state: '状态',
  ready: '此服务器已设置完成。',
  serves: (domains) => `服务的域名：${joined(domains, '、', (more) => ` 等另外 ${more} 个`)}。`,
  notReady: '此服务器尚未设置。',
  next: (command) => [
    '如果它是您的：请在部署它的电脑上，进入 Worker 的文件夹并运行 ',
    command,
    '。',
  ],
  guide: 'Worker 的说明文档中有全部步骤',
  failing: '存储暂时没有响应。',
  failingNote: '此间到达的邮件会在发件方的服务器上等待。请稍后再试。',
  connect: '连接',
  connectNote: '在电脑上的 Neko Mail 中添加账户，填写您的邮件地址、密码和此服务器的地址：',
  desktop: '获取桌面程序',
  desktopNote: 'Neko Mail 让您电脑上的任何邮件程序都能收发这里的邮件。下载地址：',
  version: '版本',
};

export const LANGUAGES = ['en', 'zh'] as const;

export const texts: Readonly<Record<(typeof LANGUAGES)[number], PageTexts>> = {
  en: english,
  zh: chinese,
};

function joined(
  domains: readonly string[],
  separator: string,
  andMore: (more: number) => string,
): string {
  const shown = domains.slice(0, MAX_SHOWN_DOMAINS);
  const more = domains.length - shown.length;

  return shown.join(separator) + (more > 0 ? andMore(more) : '');
}
