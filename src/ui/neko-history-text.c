/* neko-history-text.c - what an admin did, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-history-text.h"

#include <glib/gi18n.h>

#include "neko-template.h"

typedef struct {
  const char *code; /* as the Worker has it, in src/worker/src/storage/audit.ts */
  const char *text;
} Words;

/* Each takes who did it, and to what. Those that need not say to what leave that out, which GLib's formats allow
 * where it comes last. */
static const Words actions[] = {
  /* Translators: %s is a mail address */
  { "set_up",          N_ ("%s set the Worker up")      },
  /* Translators: two mail addresses: who did it, and whom it was done to */
  { "user_created",    N_ ("%s added %s")               },
  /* Translators: %s is a mail address */
  { "user_registered", N_ ("%s registered")             },
  /* Translators: two mail addresses: who did it, and whom it was done to */
  { "user_changed",    N_ ("%s changed %s")             },
  /* Translators: two mail addresses: who did it, and whom it was done to */
  { "user_deleted",    N_ ("%s deleted %s")             },
  /* Translators: %s is a mail address */
  { "invite_created",  N_ ("%s made an invite")         },
  /* Translators: %s is a mail address */
  { "invite_deleted",  N_ ("%s deleted an invite")      },
  /* Translators: a mail address, and a domain */
  { "domain_added",    N_ ("%s added the domain %s")    },
  /* Translators: a mail address, and a domain */
  { "domain_removed",  N_ ("%s removed the domain %s")  },
  /* Translators: %s is a mail address */
  { "settings_changed", N_ ("%s set who may register")   },
};

static const Words details[] = {
  { "role",       N_ ("administrator role") },
  { "quota",      N_ ("room for mail")        },
  { "dailyLimit", N_ ("recipients a day")     },
  { "disabled",   N_ ("account disabled or enabled")      },
  { "password",   N_ ("password")             },
  { "aliases",    N_ ("more addresses")       },
  { "catchAll",   N_ ("unknown addresses")    },
};

static const Words settings[] = {
  { "registration closed", N_ ("Only administrators make accounts")                          },
  { "registration invite", N_ ("Whoever has an invite makes an account")                     },
  { "registration open",   N_ ("Anybody who knows the Worker’s address makes an account") },
};


static const char *
find (const Words *words,
      size_t       count,
      const char  *code)
{
  for (size_t i = 0; i < count; i++) {
    if (g_str_equal (words[i].code, code))
      return _ (words[i].text);
  }

  return NULL;
}


/* A translation puts the two where it needs them, by %1$s and %2$s. */
static char *
fill (const char *text,
      const char *first,
      const char *second)
{
  const char *const places[] = { "%1$s", "%2$s", NULL };
  const char *const values[] = { first, second, NULL };
  g_autoptr (GString) numbered = g_string_new (text);

  g_string_replace (numbered, "%s", places[0], 1);
  g_string_replace (numbered, "%s", places[1], 1);

  return neko_template_fill (numbered->str, places, values);
}


/**
 * neko_history_text_dup_title:
 *
 * Returns: (transfer full): who did what. What is not known here has the Worker's name for it
 */
char *
neko_history_text_dup_title (const NekoRemoteAuditEntry *entry)
{
  const char *text = find (actions, G_N_ELEMENTS (actions), entry->action);

  if (text == NULL)
    return g_strdup_printf ("%s: %s %s", entry->actor, entry->action, entry->subject);

  return fill (text, entry->actor, entry->subject);
}


/**
 * neko_history_text_dup_details:
 *
 * Returns: (transfer full): when, and what of it
 */
char *
neko_history_text_dup_details (const NekoRemoteAuditEntry *entry)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (entry->time);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  /* Translators: a day and a time, see strftime */
  g_autofree char *when = time != NULL ? g_date_time_format (time, _ ("%x, %R")) : g_strdup ("");
  const char *setting = find (settings, G_N_ELEMENTS (settings), entry->subject);
  g_auto (GStrv) parts = NULL;

  g_strv_builder_add (builder, when);

  if (g_str_equal (entry->action, "settings_changed") && setting != NULL)
    g_strv_builder_add (builder, setting);

  for (size_t i = 0; g_str_equal (entry->action, "user_changed") && entry->details[i] != NULL; i++) {
    const char *detail = find (details, G_N_ELEMENTS (details), entry->details[i]);

    g_strv_builder_add (builder, detail != NULL ? detail : entry->details[i]);
  }

  parts = g_strv_builder_end (builder);

  return g_strjoinv (" · ", parts);
}
