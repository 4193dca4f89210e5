// What the API token must be allowed to do, named as the dashboard names it.

export const TOKEN_PAGE = 'https://dash.cloudflare.com/profile/api-tokens';

export const PERMISSIONS = {
  scripts: 'Account / Workers Scripts / Edit',
  account: 'Account / Account Settings / Read',
  zone: 'Zone / Zone / Read',
  settings: 'Zone / Zone Settings / Edit',
  dns: 'Zone / DNS / Edit',
  rules: 'Zone / Email Routing Rules / Edit',
  sending: 'Zone / Email Sending / Edit',
} as const;

export type Permission = keyof typeof PERMISSIONS;

export function permissionLines(): string[] {
  return Object.values(PERMISSIONS).map((name) => `  ${name}`);
}
