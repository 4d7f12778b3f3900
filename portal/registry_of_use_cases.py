"""Every module that registers use cases, views, tasks or rules: imported here, so that whoever runs
the portal has them all."""

import portal.documents.reading
import portal.documents.upload_document
import portal.organizations.form_check  # noqa: F401
