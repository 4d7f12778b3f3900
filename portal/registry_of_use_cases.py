"""Every module that registers use cases, views, tasks or rules: imported here, so that whoever runs
the portal has them all."""

import portal.documents.reading  # noqa: F401
import portal.documents.upload_document  # noqa: F401
import portal.organizations.form_check  # noqa: F401
