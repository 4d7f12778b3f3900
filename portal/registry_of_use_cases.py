"""Every module that registers use cases, views, tasks or rules: imported here, so that whoever runs
the portal has them all."""

import portal.accounts.change_password
import portal.accounts.contacts
import portal.accounts.identity
import portal.accounts.identity_check
import portal.accounts.my_account
import portal.accounts.recovery
import portal.accounts.sign_in
import portal.accounts.sign_in_by_bank
import portal.accounts.sign_in_by_qr
import portal.accounts.sign_in_by_signature
import portal.accounts.sign_in_through_esia
import portal.accounts.sign_up
import portal.documents.reading
import portal.documents.upload_document
import portal.organizations.form_check  # noqa: F401
