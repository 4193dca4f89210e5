// Where the project lives: the desktop program and the guide of this Worker are there.

export const PROJECT_URL = 'https://github.com/nekomail/neko-mail';
