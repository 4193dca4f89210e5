/* test-pop3-listing.c - listings of any length, in pieces of a bounded size
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "neko-pop3-session.h"

/* What a session may have to send at once: 16 KiB and the rest of a line, with the end of the listing. */
#define OUTPUT_BOUND (16384 + 200)

typedef gboolean (*IsMarked) (size_t position);


/* Sizes of every length, the largest among them. */
static guint64
get_octets (gconstpointer data,
            size_t        position)
{
  static const guint64 sizes[] = { 0, 9, 10, 99, 100, 999, 1000, 4294967294, G_MAXUINT64 };

  return sizes[position % G_N_ELEMENTS (sizes)];
}


static const char *
get_unique_id (gconstpointer data,
               size_t        position)
{
  static const char *const ids[] = {
    "a", "~!", "1-00112233445566aa",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  };

  return ids[position % G_N_ELEMENTS (ids)];
}


static gboolean
is_never (size_t position)
{
  return FALSE;
}


static gboolean
is_odd (size_t position)
{
  return position % 2 == 1;
}


static gboolean
is_always (size_t position)
{
  return TRUE;
}


static gboolean
is_last (size_t position)
{
  return position == 9999;
}


static const struct {
  const char *name;
  size_t      count;
  IsMarked    is_marked;
} cases[] = {
  { "none",              0,      is_never  },
  { "one",               1,      is_never  },
  { "one-marked",        1,      is_always },
  { "many",              10000,  is_never  },
  { "many-half-marked",  10000,  is_odd    },
  { "many-last-marked",  10000,  is_last   },
  { "many-all-marked",   10000,  is_always },
  { "very-many",         100000, is_never  },
};


/* Sends a text and collects the output in pieces, as a slow client does. */
static void
say (NekoPop3Session *session,
     GString         *output,
     const char      *text)
{
  GString *piece = neko_pop3_session_get_output (session);
  const uint8_t *data = (const uint8_t *) text;
  size_t length = strlen (text);

  do {
    g_assert_cmpuint (piece->len, <, OUTPUT_BOUND);
    g_string_append_len (output, piece->str, piece->len);
    g_string_truncate (piece, 0);
    g_assert_cmpint (neko_pop3_session_feed (session, &data, &length), ==, NEKO_POP3_CONTINUE);
  } while (length > 0 || piece->len > 0);
}


static NekoPop3Session *
log_in (size_t count)
{
  static const char text[] = "USER a\r\nPASS b\r\n";
  NekoPop3Session *session = neko_pop3_session_new ();
  NekoPop3Listing listing = { count, 0, get_octets, get_unique_id, NULL };
  const uint8_t *data = (const uint8_t *) text;
  size_t length = strlen (text);

  g_assert_cmpint (neko_pop3_session_feed (session, &data, &length), ==, NEKO_POP3_LOG_IN);
  neko_pop3_session_logged_in (session, &listing);
  g_string_truncate (neko_pop3_session_get_output (session), 0);

  return session;
}


static void
test_listing (gconstpointer user_data)
{
  size_t index = GPOINTER_TO_SIZE (user_data);
  g_autoptr (NekoPop3Session) session = log_in (cases[index].count);
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (GString) octets = g_string_new (NULL);
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  size_t left = 0;

  for (size_t i = 0; i < cases[index].count; i++) {
    if (cases[index].is_marked (i)) {
      g_autofree char *command = g_strdup_printf ("DELE %" G_GSIZE_FORMAT "\r\n", i + 1);

      say (session, output, command);
      continue;
    }

    left++;
    g_string_append_printf (octets, "%" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT "\r\n", i + 1,
                            get_octets (NULL, i));
    g_string_append_printf (ids, "%" G_GSIZE_FORMAT " %s\r\n", i + 1, get_unique_id (NULL, i));
  }

  /* The commands behind a listing wait for its end. */
  g_string_truncate (output, 0);
  say (session, output, "LIST\r\nUIDL\r\nNOOP\r\n");
  g_string_printf (expected, "+OK %" G_GSIZE_FORMAT " messages\r\n%s.\r\n"
                   "+OK %" G_GSIZE_FORMAT " messages\r\n%s.\r\n+OK\r\n",
                   left, octets->str, left, ids->str);
  g_assert_cmpuint (output->len, ==, expected->len);
  g_assert_true (g_string_equal (output, expected));
}


static void
test_total (void)
{
  g_autoptr (NekoPop3Session) session = log_in (3);
  g_autoptr (GString) output = g_string_new (NULL);

  say (session, output, "DELE 1\r\nRSET\r\nSTAT\r\n");
  g_assert_true (g_str_has_suffix (output->str, "\r\n+OK 3 0\r\n"));
}


int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/pop3-listing/%s", cases[i].name);

    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_listing);
  }

  g_test_add_func ("/protocol/pop3-listing/total", test_total);

  return g_test_run ();
}
