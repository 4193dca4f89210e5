/* window-double.c - stands for the window: says that it runs, and ends when it is told to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>


static void
end_cb (int number)
{
  _exit (EXIT_SUCCESS);
}


int
main (void)
{
  FILE *starts;

  signal (SIGUSR1, end_cb);
  starts = fopen (g_getenv ("NEKO_TEST_STARTS"), "a");
  fprintf (starts, "%d\n", (int) getpid ());
  fclose (starts);

  while (TRUE)
    pause ();
}
