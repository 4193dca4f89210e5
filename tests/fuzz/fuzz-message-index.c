/* fuzz-message-index.c - changes of an index, next to a model that is too simple to be wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>

#include "fuzz.h"
#include "neko-message-index.h"

/* Each octet is a step: the upper two bits say which, the lower six are the number of a message or of
 * a kind of update. Steps gather changes; an update makes the index take them. */
#define NUMBER 0x3f

typedef enum {
  ADD,
  ADD_AGAIN, /* with other sizes */
  REMOVE,
  UPDATE,
} Step;

typedef struct {
  NekoMessageIndex   *index;
  NekoMessageChanges *changes;
  GPtrArray          *gathered; /* what the model knows of the changes: "+id", "-id" */
  GPtrArray          *model;    /* ids in order */
  NekoMessageList    *list;     /* (nullable): a snapshot that must not change */
  char               *listed;   /* (nullable): what it was */
} Trial;


static char *
describe (NekoMessageList *list)
{
  GString *text = g_string_new (NULL);
  guint64 total = 0;

  for (size_t i = 0; i < neko_message_list_get_length (list); i++) {
    NekoMessageInfo info = neko_message_list_get (list, i);

    total += info.wire;
    g_string_append_printf (text, "%s %" G_GUINT64_FORMAT " ", info.id, info.octets);
  }

  g_assert_cmpuint (neko_message_list_get_total (list), ==, total);

  return g_string_free (text, FALSE);
}


static gboolean
find (GPtrArray  *model,
      const char *id,
      guint      *position)
{
  return g_ptr_array_find_with_equal_func (model, id, g_str_equal, position);
}


/* Returns how many of the first @first_new messages are left. */
static guint
change_model (GPtrArray *model,
              GPtrArray *gathered,
              guint      first_new)
{
  guint position;

  for (guint i = 0; i < gathered->len; i++) {
    const char *change = g_ptr_array_index (gathered, i);
    gboolean is_there = find (model, change + 1, &position);

    if (change[0] == '+' && !is_there)
      g_ptr_array_add (model, g_strdup (change + 1));

    if (change[0] == '-' && is_there) {
      g_ptr_array_remove_index (model, position);
      first_new -= position < first_new ? 1 : 0;
    }
  }

  return first_new;
}


static void
check (Trial *trial)
{
  g_autoptr (NekoMessageList) list = neko_message_index_snapshot (trial->index);

  g_assert_cmpuint (neko_message_list_get_length (list), ==, trial->model->len);

  for (guint i = 0; i < trial->model->len; i++)
    g_assert_cmpstr (neko_message_list_get (list, i).id, ==, g_ptr_array_index (trial->model, i));

  if (trial->list != NULL) {
    g_autofree char *text = describe (trial->list);

    g_assert_cmpstr (text, ==, trial->listed);
  }
}


static void
take_snapshot (Trial *trial)
{
  g_clear_pointer (&trial->list, neko_message_list_unref);
  g_free (trial->listed);
  trial->list = neko_message_index_snapshot (trial->index);
  trial->listed = describe (trial->list);
}


static void
update (Trial   *trial,
        unsigned number)
{
  size_t first_new;

  if (number % 4 == 0) {
    take_snapshot (trial);
    return;
  }

  if (number % 4 == 1) {
    g_clear_pointer (&trial->list, neko_message_list_unref);
    return;
  }

  if (number == NUMBER) {
    g_ptr_array_set_size (trial->model, 0);
    change_model (trial->model, trial->gathered, 0);
    neko_message_index_replace (trial->index, g_steal_pointer (&trial->changes), &first_new);
    g_assert_cmpuint (first_new, ==, trial->model->len);
  } else {
    guint expected = change_model (trial->model, trial->gathered, trial->model->len);

    g_assert_true (neko_message_index_apply (trial->index, g_steal_pointer (&trial->changes),
                                             &first_new));
    g_assert_cmpuint (first_new, ==, expected);
  }

  trial->changes = neko_message_changes_new ();
  g_ptr_array_set_size (trial->gathered, 0);
  check (trial);
}


static void
take_step (Trial  *trial,
           uint8_t octet)
{
  unsigned number = octet & NUMBER;
  g_autofree char *id = g_strdup_printf ("%u%s", number, number % 2 == 0 ? "" : "-a-longer-id");
  NekoMessageInfo info = { id, number, number + 1 };

  switch ((Step) (octet >> 6)) {
  case ADD_AGAIN:
    info.octets += 1000;
    G_GNUC_FALLTHROUGH;
  case ADD:
    g_assert_true (neko_message_changes_add (trial->changes, &info));
    g_ptr_array_add (trial->gathered, g_strconcat ("+", id, NULL));
    break;

  case REMOVE:
    g_assert_true (neko_message_changes_remove (trial->changes, id));
    g_ptr_array_add (trial->gathered, g_strconcat ("-", id, NULL));
    break;

  case UPDATE:
  default:
    update (trial, number);
    break;
  }
}


int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Trial trial = {
    .index = neko_message_index_new (),
    .changes = neko_message_changes_new (),
    .gathered = g_ptr_array_new_with_free_func (g_free),
    .model = g_ptr_array_new_with_free_func (g_free),
  };

  for (size_t i = 0; i < size; i++)
    take_step (&trial, data[i]);

  update (&trial, 2);
  g_clear_pointer (&trial.list, neko_message_list_unref);
  g_free (trial.listed);
  g_ptr_array_unref (trial.model);
  g_ptr_array_unref (trial.gathered);
  neko_message_changes_free (trial.changes);
  neko_message_index_free (trial.index);

  return 0;
}
