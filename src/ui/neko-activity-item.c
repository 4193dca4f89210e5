/* neko-activity-item.c - something that happened, as the log has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-activity-item.h"

#include "neko-activity-text.h"

struct _NekoActivityItem {
  GObject        parent_instance;

  guint64        number;
  gint64         time;   /* in microseconds since 1970; of the last one, where there were several */
  GLogLevelFlags level;
  char          *text;   /* in English */
  char          *event;
  GStrv          arguments;
  char          *title;  /* in the user's language */
  char          *detail; /* (nullable): in the user's language */
  unsigned       count;
};

G_DEFINE_FINAL_TYPE (NekoActivityItem, neko_activity_item, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];


/**
 * neko_activity_item_absorb:
 * @later: what happened next
 *
 * Counts the same problem once more, in place of a line that says the same.
 *
 * Returns: whether @later is the same problem
 */
gboolean
neko_activity_item_absorb (NekoActivityItem *self,
                           NekoActivityItem *later)
{
  g_return_val_if_fail (NEKO_IS_ACTIVITY_ITEM (self), FALSE);
  g_return_val_if_fail (NEKO_IS_ACTIVITY_ITEM (later), FALSE);

  if (!neko_activity_item_is_problem (self) || !g_str_equal (self->event, later->event) ||
      !g_str_equal (self->text, later->text))
    return FALSE;

  self->number = later->number;
  self->time = later->time;
  self->count += later->count;
  g_signal_emit (self, signals[CHANGED], 0);

  return TRUE;
}


guint64
neko_activity_item_get_number (NekoActivityItem *self)
{
  return self->number;
}


gint64
neko_activity_item_get_time (NekoActivityItem *self)
{
  return self->time;
}


GLogLevelFlags
neko_activity_item_get_level (NekoActivityItem *self)
{
  return self->level;
}


/**
 * neko_activity_item_get_text:
 *
 * Returns: what the log says, which is English
 */
const char *
neko_activity_item_get_text (NekoActivityItem *self)
{
  return self->text;
}


/**
 * neko_activity_item_get_event:
 *
 * Returns: the name of what happened; empty where it has none
 */
const char *
neko_activity_item_get_event (NekoActivityItem *self)
{
  return self->event;
}


/**
 * neko_activity_item_get_count:
 *
 * Returns: how often it happened, one after the other
 */
unsigned
neko_activity_item_get_count (NekoActivityItem *self)
{
  return self->count;
}


/**
 * neko_activity_item_get_argument:
 *
 * Returns: what is said of the event; empty where a program of another version does not say it
 */
const char *
neko_activity_item_get_argument (NekoActivityItem *self,
                                 unsigned          position)
{
  return position < g_strv_length (self->arguments) ? self->arguments[position] : "";
}


unsigned
neko_activity_item_count_arguments (NekoActivityItem *self)
{
  return g_strv_length (self->arguments);
}


const char *
neko_activity_item_get_title (NekoActivityItem *self)
{
  return self->title;
}


/**
 * neko_activity_item_get_detail:
 *
 * Returns: (nullable): who, how much, and what to do
 */
const char *
neko_activity_item_get_detail (NekoActivityItem *self)
{
  return self->detail;
}


const char *
neko_activity_item_get_icon (NekoActivityItem *self)
{
  return neko_activity_text_get_icon (self);
}


NekoActivityCategory
neko_activity_item_get_category (NekoActivityItem *self)
{
  return neko_activity_text_get_category (self);
}


gboolean
neko_activity_item_is_problem (NekoActivityItem *self)
{
  return neko_activity_text_is_problem (self);
}


static void
neko_activity_item_finalize (GObject *object)
{
  NekoActivityItem *self = NEKO_ACTIVITY_ITEM (object);

  g_free (self->text);
  g_free (self->event);
  g_strfreev (self->arguments);
  g_free (self->title);
  g_free (self->detail);

  G_OBJECT_CLASS (neko_activity_item_parent_class)->finalize (object);
}


static void
neko_activity_item_class_init (NekoActivityItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_activity_item_finalize;

  /**
   * NekoActivityItem::changed:
   *
   * It happened again.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}


static void
neko_activity_item_init (NekoActivityItem *self)
{
  self->count = 1;
}


/**
 * neko_activity_item_new:
 *
 * Returns: (transfer full): a line of the log, of which io.github.nekomail.NekoMail.Control tells
 */
NekoActivityItem *
neko_activity_item_new (guint64            number,
                        gint64             time,
                        GLogLevelFlags     level,
                        const char        *text,
                        const char        *event,
                        const char *const *arguments)
{
  NekoActivityItem *self = g_object_new (NEKO_TYPE_ACTIVITY_ITEM, NULL);

  self->number = number;
  self->time = time;
  self->level = level;
  self->text = g_strdup (text);
  self->event = g_strdup (event);
  self->arguments = g_strdupv ((char **) arguments);
  self->title = neko_activity_text_dup_title (self);
  self->detail = neko_activity_text_dup_detail (self);

  return self;
}
