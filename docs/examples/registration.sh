#!/usr/bin/env bash
# A person of the country registers an organization: from the first form to an active cabinet.
# Needs curl, openssl, python3, a portal (poligon serve --port 8034 --lang en) and what is filed
# (poligon world filing --index 1 --to filing).
set -euo pipefail
root=${1:-http://127.0.0.1:8034} files=${2:-filing} index=${3:-1}
password='Zx7!mkpRvb2#' token=''
json=(-H 'Content-Type: application/json')

# field KEY: the first value of a key in the JSON on standard input, however deep.
field() {
    python3 -c '
import json, sys
def values(part):
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        yield key, value
        yield from values(value) if isinstance(value, (dict, list)) else ()
print(next(value for key, value in values(json.load(sys.stdin)) if key == sys.argv[1]))' "$1"
}
# with FILE FIELDS: the form of a file with fields of one's own put into it.
with() {
    python3 -c '
import json, sys
print(json.dumps(json.load(open(sys.argv[1])) | json.loads(sys.argv[2]), ensure_ascii=False))' "$@"
}
# post USE-CASE FORM, get VIEW [curl option ...]: the answer is shown, and kept in `answer`.
post() { ask "$1" "${json[@]}" --data "$2"; }
get() { ask "$1" --get "${@:2}"; }
ask() {
    answer=$(curl -s "$root/portal/v1/$1" "${@:2}" -H 'Accept-Language: en' ${token:+-H "Authorization: Bearer $token"})
    echo "$1: $answer"
}
# message CONTACT: the latest one to a phone or an address; code CONTACT: the digits in it.
message() { curl -s "$root/_admin/tenants/main/inboxes/$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)[-1]["text"])'; }
code() { message "$1" | grep -oE '[0-9]{6}'; }
# pass TERM: let time pass.
pass() { echo "$1 pass: $(curl -s "$root/_admin/tenants/main/clock/advance" "${json[@]}" -d "{\"by\": \"$1\"}")"; }
# signed: a detached signature over the last answer's text, Base64; without a time, for the portal's clock is another.
signed() {
    field text <<<"$answer" | tr -d '\n' |
        openssl cms -sign -binary -noattr -signer "$files/certificate.pem" -inkey "$files/key.pem" -outform DER | base64 -w0
}

applicant="$files/applicant.json" application="$files/application.json"
phone=$(field phone <"$applicant") inn=$(field inn <"$application") ogrn=$(field ogrn <"$application") email=$(field email <"$application")

# The applicant: an account, and an identity that registers confirm within a quarter of an hour.
post sign-up "$(with "$files/account.json" "{\"password\": \"$password\"}")"
post activate-account "{\"account\": \"$(field account <<<"$answer")\", \"code\": \"$(code "$phone")\"}"
post sign-in "{\"login\": \"$phone\", \"password\": \"$password\"}"
post enter-sign-in-code "{\"sign_in\": \"$(field sign_in <<<"$answer")\", \"code\": \"$(code "$phone")\"}"
token=$(field token <<<"$answer")
post upload-document @"$files/passport.json"
post confirm-identity "$(with "$files/identity.json" "{\"passport_scan\": \"$(field document <<<"$answer")\"}")"
pass 15m
get my-account

# What an application needs: the organization's number, its mail, the papers.
post request-inn-code "{\"kind\": \"legal\", \"inn\": \"$inn\"}"
post confirm-organization-inn "{\"kind\": \"legal\", \"inn\": \"$inn\", \"code\": \"$(code "$phone")\"}"
post send-corporate-email-link "{\"email\": \"$email\"}"
link=$(message "$email")
post confirm-corporate-email "{\"token\": \"${link##*/}\"}"
papers=''
for document in "$files"/document-*.json; do
    post upload-document @"$document"
    papers="$papers${papers:+, }\"$(field document <<<"$answer")\""
done

# The application, signed with a key that a certification authority has certified.
curl -s "$root/ca/v1/organizations/$index/2026-02-02/key.pem?key=$index" >"$files/key.pem"
curl -s "$root/ca/v1/organizations/$index/2026-02-02/certificate.cer?key=$index" | openssl x509 -inform DER >"$files/certificate.pem"
with "$application" "{\"documents\": [$papers]}" >"$files/signed.json"
mapfile -t query < <(python3 -c '
import json, sys
for name, value in json.load(open(sys.argv[1])).items():
    for each in value if isinstance(value, list) else [value]:
        print("--data-urlencode", f"{name}={str(each).lower() if isinstance(each, bool) else each}", sep="\n")' "$files/signed.json")
get registration-text "${query[@]}" >/dev/null
post register-organization "$(with "$files/signed.json" "{\"signature\": \"$(signed)\"}")"
organization=$(field organization <<<"$answer")

# The tax and the pension authority check it: five working days at most.
get registration --data-urlencode "organization=$organization"
pass 5wd
token=''
post begin-signature-sign-in '{}'
post sign-in-by-signature "{\"challenge\": \"$(field challenge <<<"$answer")\", \"signature\": \"$(signed)\"}"
token=$(field token <<<"$answer")
get registration --data-urlencode "organization=$organization"

# The cabinet.
post request-activation-code "{\"organization\": \"$organization\"}"
post activate-cabinet "{\"organization\": \"$organization\", \"inn\": \"$inn\", \"ogrn\": \"$ogrn\", \"phone\": \"$phone\",
    \"code\": \"$(code "$phone")\", \"terms_accepted\": true}"
get my-organizations
