/* neko-mask.c - text without the names of people and places
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-mask.h"

#include <string.h>

struct _NekoMask {
  GPtrArray *names; /* Name, the longest first */
};

typedef struct {
  char    *replacement;
  GRegex  *pattern;
  size_t   length;
  gboolean is_address;
} Name;

/* What is known by nobody's name. Loopback addresses are the same on every computer. */
static const struct {
  const char *pattern;
  const char *replacement;
} strangers[] = {
  { "\\b[a-z][a-z0-9+.-]*://[^\\s<>\"”’']+",                        "(URL)"        },
  { "[^\\s<>()\\[\\]\"“”‘’',;:|]+@[^\\s<>()\\[\\]\"“”‘’',;:|]+",       "(address)"    },
  { "(?<![\\w.])(?!127\\.|0\\.0\\.0\\.0)\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\w.]\\w)", "(IP address)" },
  { "(?<![\\w.:])(?!::1?(?![\\w:]))(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{3,39}(?:%\\w+)?(?![\\w:])",
    "(IP address)" },
};


static void
name_free (Name *self)
{
  g_free (self->replacement);
  g_regex_unref (self->pattern);
  g_free (self);
}


static int
compare_lengths (gconstpointer first,
                 gconstpointer second)
{
  const Name *const *names[] = { first, second };

  return ((*names[0])->length < (*names[1])->length) - ((*names[0])->length > (*names[1])->length);
}


NekoMask *
neko_mask_new (void)
{
  NekoMask *self = g_new (NekoMask, 1);

  self->names = g_ptr_array_new_with_free_func ((GDestroyNotify) name_free);

  return self;
}


void
neko_mask_free (NekoMask *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->names);
  g_free (self);
}


/**
 * neko_mask_add:
 * @name: what nobody is to read, in whatever case; where it is no UTF-8, as a folder's name may be, it is found in
 *   texts with the same octets
 * @replacement: what stands in its place, so that one can still be told from another
 *
 * Names that are part of another one, as a domain is of an address, may be added in any order.
 */
void
neko_mask_add (NekoMask   *self,
               const char *name,
               const char *replacement)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *escaped = g_regex_escape_string (valid, -1);
  Name *entry;

  if (*name == '\0')
    return;

  entry = g_new (Name, 1);
  entry->replacement = g_strdup (replacement);
  entry->pattern = g_regex_new (escaped, G_REGEX_CASELESS, 0, NULL);
  entry->length = strlen (valid);
  entry->is_address = strchr (name, '@') != NULL;
  g_ptr_array_add (self->names, entry);
  g_ptr_array_sort (self->names, compare_lengths);
}


/* A domain is part of a stranger's address, so addresses come before, and domains after strangers. */
static void
replace_names (NekoMask *self,
               gboolean  are_addresses,
               char    **text)
{
  for (guint i = 0; i < self->names->len; i++) {
    const Name *name = g_ptr_array_index (self->names, i);
    g_autofree char *before = NULL;

    if (name->is_address != are_addresses)
      continue;

    before = *text;
    *text = g_regex_replace_literal (name->pattern, before, -1, 0, name->replacement, 0, NULL);
  }
}


/**
 * neko_mask_dup_text:
 * @text: what is no UTF-8 in it is replaced
 *
 * Returns: (transfer full): @text without the names that were added, and without any other mail address, URL or
 *   address of a computer
 */
char *
neko_mask_dup_text (NekoMask   *self,
                    const char *text)
{
  char *masked = g_utf8_make_valid (text, -1);

  replace_names (self, TRUE, &masked);

  for (size_t i = 0; i < G_N_ELEMENTS (strangers); i++) {
    g_autofree char *before = masked;
    g_autoptr (GRegex) pattern = g_regex_new (strangers[i].pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);

    masked = g_regex_replace_literal (pattern, before, -1, 0, strangers[i].replacement, 0, NULL);
  }

  replace_names (self, FALSE, &masked);

  return masked;
}
