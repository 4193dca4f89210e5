/* neko-autostart.c - whether the desktop starts us at login
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-autostart.h"

#include "neko-autostart-entry.h"
#include "neko-surroundings.h"

#define FILE_NAME NEKO_APPLICATION_ID ".desktop"

/* Where the user's file is among the places where one may be. */
#define OWN_PLACE 0

/**
 * NekoAutostart:
 *
 * Outside a sandbox, a file in the user's autostart folder says it, and if there is none, one in a folder of the
 * system. Others may write them, too, so they are read anew whenever somebody wants to know.
 *
 * In a Flatpak the desktop is asked through its portal, which does not tell afterwards what it answered. That is
 * kept in a file of the same form, in the sandbox, where no desktop reads it.
 */
struct _NekoAutostart {
  GObject          parent_instance;

  GDBusConnection *portal_bus; /* (nullable): outside a sandbox */
  GPtrArray       *places;     /* of GFile: the user's, then the system's, the first that is there counts */
  gboolean         is_busy;
};

G_DEFINE_FINAL_TYPE (NekoAutostart, neko_autostart, G_TYPE_OBJECT)

typedef struct {
  gboolean is_wanted;
  guint    place; /* that is read now */
  GBytes  *own;   /* (nullable): the user's file */
  GBytes  *next;  /* (nullable): what it is to become */
  GError  *error; /* (nullable): what the portal said, to be told in the end */
} Change;


static void
change_free (gpointer data)
{
  Change *change = data;

  g_clear_pointer (&change->own, g_bytes_unref);
  g_clear_pointer (&change->next, g_bytes_unref);
  g_clear_error (&change->error);
  g_free (change);
}


static gboolean
means_absent (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
}


static void
read_place (NekoAutostart      *self,
            guint               place,
            GAsyncReadyCallback callback,
            GTask              *task)
{
  g_file_load_bytes_async (self->places->pdata[place], g_task_get_cancellable (task), callback, task);
}


static void
queried_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoAutostart *self = g_task_get_source_object (task);
  guint place = GPOINTER_TO_UINT (g_task_get_task_data (task)) + 1;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (text != NULL) {
    g_task_return_boolean (task, neko_autostart_entry_is_on (text));
  } else if (!means_absent (error)) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (place == self->places->len) {
    g_task_return_boolean (task, FALSE);
  } else {
    g_task_set_task_data (task, GUINT_TO_POINTER (place), NULL);
    read_place (self, place, queried_cb, g_steal_pointer (&task));
  }
}


/**
 * neko_autostart_query_async:
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is known
 */
void
neko_autostart_query_async (NekoAutostart      *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (NEKO_IS_AUTOSTART (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, neko_autostart_query_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (OWN_PLACE), NULL);
  read_place (self, OWN_PLACE, queried_cb, g_steal_pointer (&task));
}


/**
 * neko_autostart_query_finish:
 *
 * Returns: whether the desktop starts us at login; %FALSE with @error set where that cannot be read. In a
 *   sandbox, what the desktop answered last
 */
gboolean
neko_autostart_query_finish (NekoAutostart *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


/* Takes @error, which may be %NULL. */
static void
return_change (GTask  *task,
               GError *error)
{
  NekoAutostart *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);

  self->is_busy = FALSE;

  if (error == NULL)
    error = g_steal_pointer (&change->error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}


static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  return_change (task, error);
}


/* A file that is replaced is either the old one or the new one to a desktop that reads it now. */
static void
folder_made_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoAutostart *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!g_file_make_directory_finish (G_FILE (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
    return_change (task, error);
    return;
  }

  g_clear_error (&error);
  g_file_replace_contents_bytes_async (self->places->pdata[OWN_PLACE], change->next, NULL, FALSE,
                                       G_FILE_CREATE_NONE, cancellable, written_cb,
                                       g_steal_pointer (&task));
}


static void
parent_made_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoAutostart *self = g_task_get_source_object (task);
  g_autoptr (GFile) folder = g_file_get_parent (self->places->pdata[OWN_PLACE]);
  GCancellable *cancellable = g_task_get_cancellable (task);

  /* Where it failed, so will what needs it. */
  g_file_make_directory_finish (G_FILE (source), result, NULL);
  g_file_make_directory_async (folder, G_PRIORITY_DEFAULT, cancellable, folder_made_cb,
                               g_steal_pointer (&task));
}


static void
write_own (NekoAutostart *self,
           GTask         *task)
{
  g_autoptr (GFile) folder = g_file_get_parent (self->places->pdata[OWN_PLACE]);
  g_autoptr (GFile) parent = g_file_get_parent (folder);

  g_file_make_directory_async (parent, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                               parent_made_cb, task);
}


static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!g_file_delete_finish (G_FILE (source), result, &error) && means_absent (error))
    g_clear_error (&error);

  return_change (task, error);
}


static void
turn_off (GTask   *task,
          gboolean must_stay)
{
  NekoAutostart *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);

  change->next = neko_autostart_entry_turn_off (change->own, must_stay);

  if (change->next != NULL)
    write_own (self, task);
  else
    g_file_delete_async (self->places->pdata[OWN_PLACE], G_PRIORITY_DEFAULT,
                         g_task_get_cancellable (task), deleted_cb, task);
}


/* Without a file of the user's the system's would be in force, if there is one that says yes. */
static void
system_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoAutostart *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (text == NULL && ++change->place < self->places->len)
    read_place (self, change->place, system_read_cb, g_steal_pointer (&task));
  else
    turn_off (g_steal_pointer (&task), text != NULL && neko_autostart_entry_is_on (text));
}


/* What is as it should be already stays untouched. */
static void
own_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoAutostart *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;

  change->own = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (change->own == NULL && !means_absent (error)) {
    return_change (task, error);
    return;
  }

  g_clear_error (&error);

  if (change->own != NULL && neko_autostart_entry_is_on (change->own) == change->is_wanted) {
    return_change (task, NULL);
  } else if (change->is_wanted) {
    change->next = neko_autostart_entry_turn_on (change->own);
    write_own (self, g_steal_pointer (&task));
  } else if (++change->place < self->places->len) {
    read_place (self, change->place, system_read_cb, g_steal_pointer (&task));
  } else {
    turn_off (g_steal_pointer (&task), FALSE);
  }
}


/* A no to the start at login ends one that was allowed before, too. */
static void
portal_answered_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NekoAutostart *self = g_task_get_source_object (task);
  Change *change = g_task_get_task_data (task);

  neko_background_portal_request_finish (result, &change->error);

  if (change->error != NULL) {
    gboolean is_no = g_error_matches (change->error, NEKO_AUTOSTART_ERROR, NEKO_AUTOSTART_ERROR_DENIED);

    if (!is_no || !change->is_wanted) {
      return_change (task, NULL);
      return;
    }

    change->is_wanted = FALSE;
  }

  read_place (self, OWN_PLACE, own_read_cb, g_steal_pointer (&task));
}


/**
 * neko_autostart_set_async:
 * @parent_window: as portals name windows, or "" where there is none; outside a sandbox nobody asks
 * @reason: what a desktop that asks tells the user, translated
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is so, or will not be
 *
 * Makes the desktop start us at login, or not any more. There is one change at a time; another one meanwhile
 * fails with %G_IO_ERROR_PENDING.
 */
void
neko_autostart_set_async (NekoAutostart      *self,
                          gboolean            is_wanted,
                          const char         *parent_window,
                          const char         *reason,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  static const char *const command[] = { "neko-mail", "--background", NULL };
  g_autoptr (GTask) task = NULL;
  Change *change;

  g_return_if_fail (NEKO_IS_AUTOSTART (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, neko_autostart_set_async);

  if (self->is_busy) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "Another change is being made");
    return;
  }

  self->is_busy = TRUE;
  change = g_new0 (Change, 1);
  change->is_wanted = is_wanted;
  g_task_set_task_data (task, change, change_free);

  if (self->portal_bus != NULL)
    neko_background_portal_request_async (self->portal_bus, parent_window, reason, is_wanted, command,
                                          cancellable, portal_answered_cb, g_steal_pointer (&task));
  else
    read_place (self, OWN_PLACE, own_read_cb, g_steal_pointer (&task));
}


/**
 * neko_autostart_set_finish:
 *
 * Returns: %TRUE where it is as it was wanted, else %FALSE with @error set, for example in %NEKO_AUTOSTART_ERROR
 */
gboolean
neko_autostart_set_finish (NekoAutostart *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}


static void
neko_autostart_finalize (GObject *object)
{
  NekoAutostart *self = NEKO_AUTOSTART (object);

  g_clear_object (&self->portal_bus);
  g_ptr_array_unref (self->places);

  G_OBJECT_CLASS (neko_autostart_parent_class)->finalize (object);
}


static void
neko_autostart_class_init (NekoAutostartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = neko_autostart_finalize;
}


static void
add_place (NekoAutostart *self,
           const char    *folder)
{
  g_ptr_array_add (self->places, g_file_new_build_filename (folder, "autostart", FILE_NAME, NULL));
}


static void
neko_autostart_init (NekoAutostart *self)
{
  const char *const *folders = g_get_system_config_dirs ();

  self->places = g_ptr_array_new_with_free_func (g_object_unref);
  add_place (self, g_get_user_config_dir ());

  for (size_t i = 0; folders[i] != NULL; i++)
    add_place (self, folders[i]);
}


/**
 * neko_autostart_new_for_sandbox:
 * @bus: where the desktop's portal is
 *
 * Returns: (transfer full): what asks the portal
 */
NekoAutostart *
neko_autostart_new_for_sandbox (GDBusConnection *bus)
{
  NekoAutostart *self = g_object_new (NEKO_TYPE_AUTOSTART, NULL);

  self->portal_bus = g_object_ref (bus);

  /* What the sandbox has there is not the system's. */
  g_ptr_array_set_size (self->places, OWN_PLACE + 1);

  return self;
}


/**
 * neko_autostart_new:
 * @bus: (nullable): the session bus
 *
 * Returns: (transfer full): what is right where we run
 */
NekoAutostart *
neko_autostart_new (GDBusConnection *bus)
{
  if (bus != NULL && neko_surroundings_are_flatpak ())
    return neko_autostart_new_for_sandbox (bus);

  return g_object_new (NEKO_TYPE_AUTOSTART, NULL);
}
