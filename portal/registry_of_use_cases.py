"""Every module that registers use cases, views, tasks or rules: imported here, so that whoever runs
the portal has them all."""

import portal.accounts.change_password
import portal.accounts.contacts
import portal.accounts.employee_password
import portal.accounts.identity
import portal.accounts.identity_check
import portal.accounts.identity_review
import portal.accounts.my_account
import portal.accounts.recovery
import portal.accounts.sign_in
import portal.accounts.sign_in_by_bank
import portal.accounts.sign_in_by_qr
import portal.accounts.sign_in_by_signature
import portal.accounts.sign_in_through_esia
import portal.accounts.sign_up
import portal.accounts.standing
import portal.activation.activate_cabinet
import portal.activation.functions
import portal.activation.head_link
import portal.activation.services
import portal.binding.bind_organization
import portal.binding.confirmation
import portal.binding.correction
import portal.binding.head_confirmation
import portal.binding.my_organizations
import portal.certificates.action_signature
import portal.certificates.binding
import portal.certificates.document_signature
import portal.certificates.listing
import portal.certificates.order
import portal.certificates.sign_in_file
import portal.certificates.signing
import portal.certificates.terms
import portal.certificates.trial
import portal.documents.reading
import portal.documents.upload_document
import portal.organizations.form_check
import portal.registration.authority
import portal.registration.corporate_email
import portal.registration.inn_confirmation
import portal.registration.register_organization
import portal.security.channel
import portal.unbinding.unbind_organization
import portal.verification.priority
import portal.verification.resubmission
import portal.verification.views  # noqa: F401
