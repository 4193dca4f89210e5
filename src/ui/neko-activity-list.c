/* neko-activity-list.c - the log of the program in the background, as it goes on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-activity-list.h"

#include "neko-log.h"

struct _NekoActivityList {
  GObject       parent_instance;

  NekoModel    *model;
  NekoControl  *control;     /* (nullable): whose lines these are */
  char         *owner;       /* (nullable): its name on the bus; one that starts again has another */
  GListStore   *items;       /* NekoActivityItem, the newest first */
  GCancellable *cancellable; /* of what is asked now */
  guint64       last;        /* number of the newest line */
  gboolean      is_asking;   /* for the lines of before */
  GPtrArray    *waiting;     /* NekoActivityItem, those that come meanwhile */
};

G_DEFINE_FINAL_TYPE (NekoActivityList, neko_activity_list, G_TYPE_OBJECT)

static void
add (NekoActivityList *self,
     NekoActivityItem *item)
{
  g_autoptr (NekoActivityItem) newest = g_list_model_get_item (G_LIST_MODEL (self->items), 0);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  if (neko_activity_item_get_number (item) <= self->last)
    return;

  self->last = neko_activity_item_get_number (item);

  if (newest != NULL && neko_activity_item_absorb (newest, item))
    return;

  g_list_store_insert (self->items, 0, item);

  if (count >= NEKO_LOG_LENGTH)
    g_list_store_remove (self->items, count);
}


static void
logged_cb (NekoActivityList  *self,
           guint64            number,
           gint64             time,
           guint              level,
           const char        *text,
           const char        *event,
           const char *const *arguments)
{
  g_autoptr (NekoActivityItem) item = neko_activity_item_new (number, time, level, text, event, arguments);

  if (self->is_asking)
    g_ptr_array_add (self->waiting, g_steal_pointer (&item));
  else
    add (self, item);
}


static void
take_waiting (NekoActivityList *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    add (self, g_ptr_array_index (self->waiting, i));

  g_ptr_array_set_size (self->waiting, 0);
}


/* At once: each change of the list costs whoever shows it something. */
static void
take_entries (NekoActivityList *self,
              GVariant         *entries)
{
  g_autoptr (GPtrArray) oldest_first = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) newest_first = g_ptr_array_new ();
  GVariantIter iter;
  guint64 number;
  gint64 time;
  guint32 level;
  const char *text;
  const char *event;
  g_autofree const char **arguments = NULL;

  g_variant_iter_init (&iter, entries);

  while (g_variant_iter_next (&iter, "(txu&s&s^a&s)", &number, &time, &level, &text, &event, &arguments)) {
    g_autoptr (NekoActivityItem) item = neko_activity_item_new (number, time, level, text, event, arguments);
    NekoActivityItem *before = oldest_first->len > 0 ? oldest_first->pdata[oldest_first->len - 1] : NULL;

    g_clear_pointer (&arguments, g_free);
    self->last = number;

    if (before == NULL || !neko_activity_item_absorb (before, item))
      g_ptr_array_add (oldest_first, g_steal_pointer (&item));
  }

  for (guint i = oldest_first->len; i > 0; i--)
    g_ptr_array_add (newest_first, oldest_first->pdata[i - 1]);

  g_list_store_splice (self->items, 0, 0, newest_first->pdata, newest_first->len);
}


static void
log_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (NekoActivityList) self = user_data;
  g_autoptr (GVariant) entries = NULL;
  g_autoptr (GError) error = NULL;

  neko_control_call_get_log_finish (NEKO_CONTROL (source), &entries, result, &error);

  /* Another one is asked by now, or nobody. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_asking = FALSE;

  /* A program that ends meanwhile says nothing, and what it said before can be of use. */
  if (entries != NULL)
    take_entries (self, entries);

  take_waiting (self);
}


static void
begin_anew (NekoActivityList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->last = 0;
  g_ptr_array_set_size (self->waiting, 0);
  g_list_store_remove_all (self->items);
  self->is_asking = TRUE;
  neko_control_call_get_log (self->control, self->cancellable, log_cb, g_object_ref (self));
}


static void
model_changed_cb (NekoActivityList *self)
{
  NekoControl *control = neko_model_get_control (self->model);
  g_autofree char *owner = NULL;

  if (control == NULL)
    return;

  if (g_set_object (&self->control, control))
    g_signal_connect_object (control, "logged", G_CALLBACK (logged_cb), self, G_CONNECT_SWAPPED);

  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (control));

  if (g_strcmp0 (owner, self->owner) == 0)
    return;

  g_free (self->owner);
  self->owner = g_steal_pointer (&owner);
  begin_anew (self);
}


/**
 * neko_activity_list_get_items:
 *
 * Returns: a list of #NekoActivityItem, the newest first
 */
GListModel *
neko_activity_list_get_items (NekoActivityList *self)
{
  g_return_val_if_fail (NEKO_IS_ACTIVITY_LIST (self), NULL);

  return G_LIST_MODEL (self->items);
}


static void
neko_activity_list_dispose (GObject *object)
{
  NekoActivityList *self = NEKO_ACTIVITY_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->control);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (neko_activity_list_parent_class)->dispose (object);
}


static void
neko_activity_list_finalize (GObject *object)
{
  NekoActivityList *self = NEKO_ACTIVITY_LIST (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->items);
  g_ptr_array_unref (self->waiting);
  g_free (self->owner);

  G_OBJECT_CLASS (neko_activity_list_parent_class)->finalize (object);
}


static void
neko_activity_list_class_init (NekoActivityListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = neko_activity_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = neko_activity_list_finalize;
}


static void
neko_activity_list_init (NekoActivityList *self)
{
  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (NEKO_TYPE_ACTIVITY_ITEM);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}


/**
 * neko_activity_list_new:
 *
 * Returns: (transfer full): what happened since the program in the background started, and happens
 */
NekoActivityList *
neko_activity_list_new (NekoModel *model)
{
  NekoActivityList *self = g_object_new (NEKO_TYPE_ACTIVITY_LIST, NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "changed", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  model_changed_cb (self);

  return self;
}
