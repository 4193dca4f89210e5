/* neko-certificate-export.c - the certificate without its key, into a file that the user chooses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neko-certificate-export.h"

#include <glib/gi18n.h>
#include <string.h>

#include "neko-error-text.h"
#include "neko-window.h"

typedef struct {
  GtkWidget *origin;
  GFile     *target;
  char      *pem;
} Export;


static void
export_free (Export *export)
{
  g_object_unref (export->origin);
  g_object_unref (export->target);
  g_free (export->pem);
  g_free (export);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)


/* Takes @error, which is %NULL where all is well. */
static void
tell (Export *export,
      GError *error)
{
  g_autoptr (GError) owned = error;
  g_autofree char *text = owned != NULL ? neko_error_text (owned) : g_strdup (_ ("Certificate exported"));

  neko_window_toast (export->origin, text);
}


static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Export) export = user_data;
  GError *error = NULL;

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  tell (export, error);
}


/* The key is in the same file, and is nobody's business. */
static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Export) export = user_data;
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GTlsCertificate) certificate = NULL;
  GError *error = NULL;

  if (g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error))
    certificate = g_tls_certificate_new_from_pem (text, length, &error);

  if (text != NULL)
    explicit_bzero (text, length);

  if (certificate == NULL) {
    tell (export, error);
    return;
  }

  g_object_get (certificate, "certificate-pem", &export->pem, NULL);
  g_file_replace_contents_async (export->target, export->pem, strlen (export->pem), NULL, FALSE,
                                 G_FILE_CREATE_NONE, NULL, written_cb, export);
  g_steal_pointer (&export);
}


static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           GtkWidget       *origin)
{
  g_autoptr (GtkNativeDialog) owned = dialog;
  g_autoptr (GFile) source = NULL;
  Export *export;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  source = g_file_new_for_path (g_object_get_data (G_OBJECT (dialog), "source"));
  export = g_new0 (Export, 1);
  export->origin = g_object_ref (origin);
  export->target = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_file_load_contents_async (source, NULL, read_cb, export);
}


/**
 * neko_certificate_export:
 * @origin: what is in the window
 * @path: the certificate's file
 *
 * Asks where to, writes it there, and says in a toast what came of it.
 */
void
neko_certificate_export (GtkWidget  *origin,
                         const char *path)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Export Certificate"),
                                                              GTK_WINDOW (gtk_widget_get_root (origin)),
                                                              GTK_FILE_CHOOSER_ACTION_SAVE,
                                                              _ ("_Export"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "neko-mail-certificate.pem");
  g_object_set_data_full (G_OBJECT (dialog), "source", g_strdup (path), g_free);

  /* It is shown as long as it holds itself. */
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), origin, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
