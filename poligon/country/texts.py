"""Words of `poligon world`, in both languages side by side."""

from typing import Final

from rulebook import Text

__all__ = ["COUNTRY_TEXTS"]

COUNTRY_TEXTS: Final = {
    # Help
    "help_world": Text(
        "Показать организацию или человека страны, записать её заявку.",
        "Show an organization or a person of the country, write what it files.",
    ),
    "help_world_organization": Text(
        "Показать организацию: ровно один из ключей --index, --inn, --ogrn.",
        "Show an organization: exactly one of --index, --inn, --ogrn.",
    ),
    "help_world_person": Text(
        "Показать человека: ровно один из ключей --index, --inn, --snils.",
        "Show a person: exactly one of --index, --inn, --snils.",
    ),
    "help_world_filing": Text(
        "Записать в папку, что организация подаёт: анкету, документы, при желании — с ошибками.",
        "Write what an organization files into a folder: form and documents, mistakes if asked.",
    ),
    "help_world_date": Text(
        "День подачи, ГГГГ-ММ-ДД (по умолчанию 2026-02-02).",
        "The day of the filing, YYYY-MM-DD (default: 2026-02-02).",
    ),
    "help_world_defect": Text(
        "Ошибка заявителя из свода правил; ключ можно повторять.",
        "A mistake of the rule book's defects; may be repeated.",
    ),
    "help_world_to": Text("Папка для файлов.", "The folder for the files."),
    "help_world_index": Text("Номер записи, с 0.", "Number of the record, from 0."),
    "help_world_inn": Text("ИНН: 10 или 12 цифр.", "INN: 10 or 12 digits."),
    "help_world_ogrn": Text(
        "ОГРН (13 цифр) или ОГРНИП (15 цифр).", "OGRN (13 digits) or OGRNIP (15 digits)."
    ),
    "help_world_snils": Text("СНИЛС: 11 цифр подряд.", "SNILS: 11 digits in a row."),
    "help_world_seed": Text("Зерно страны (по умолчанию 1).", "Seed of the country (default: 1)."),
    "help_world_organizations": Text(
        "Сколько в стране организаций (по умолчанию 10 000 000).",
        "How many organizations the country has (default: 10,000,000).",
    ),
    "help_world_json": Text("Вывести запись в JSON.", "Print the record as JSON."),
    # Records
    "world_index": Text("Номер", "Index"),
    "world_kind": Text("Вид", "Kind"),
    "world_kind_legal": Text("юридическое лицо", "legal entity"),
    "world_kind_sole_proprietor": Text("индивидуальный предприниматель", "sole proprietor"),
    "world_tier": Text("Размер", "Size"),
    "world_standing": Text("Состояние", "Standing"),
    "world_standing_active": Text("действует", "active"),
    "world_standing_liquidating": Text("ликвидируется", "in liquidation"),
    "world_standing_liquidated": Text("деятельность прекращена {closed}", "closed on {closed}"),
    "world_standing_unreliable": Text("адрес недостоверен", "address marked as unreliable"),
    "world_full_name": Text("Полное наименование", "Full name"),
    "world_short_name": Text("Краткое наименование", "Short name"),
    "world_inn": Text("ИНН", "INN"),
    "world_ogrn": Text("ОГРН", "OGRN"),
    "world_ogrnip": Text("ОГРНИП", "OGRNIP"),
    "world_kpp": Text("КПП", "KPP"),
    "world_registered": Text("Дата регистрации", "Registered"),
    "world_address": Text("Адрес", "Address"),
    "world_head": Text("Руководитель", "Head"),
    "world_head_value": Text(
        "{name}, {position} с {since} (человек {person})",
        "{name}, {position} since {since} (person {person})",
    ),
    "world_capital": Text("Уставный капитал", "Charter capital"),
    "world_money": Text("{roubles} руб.", "{roubles} roubles"),
    "world_founder": Text("Учредитель", "Founder"),
    "world_founder_value": Text(
        "{name}, доля {share} (человек {person})", "{name}, share {share} (person {person})"
    ),
    "world_branch": Text("Филиал", "Branch"),
    "world_branch_value": Text("{name}, КПП {kpp}, {address}", "{name}, KPP {kpp}, {address}"),
    "world_okved": Text("ОКВЭД", "OKVED"),
    "world_account": Text("Счёт", "Account"),
    "world_account_value": Text(
        "{number} в {bank}, БИК {bik}, корр. счёт {correspondent}",
        "{number} at {bank}, BIK {bik}, correspondent account {correspondent}",
    ),
    "world_phone": Text("Телефон", "Phone"),
    "world_email": Text("Почта", "E-mail"),
    "world_employees": Text("Работников", "Employees"),
    "world_name": Text("ФИО", "Name"),
    "world_gender": Text("Пол", "Gender"),
    "world_gender_male": Text("мужской", "male"),
    "world_gender_female": Text("женский", "female"),
    "world_birth": Text("Родился", "Born"),
    "world_birth_value": Text("{date}, {place}", "{date}, {place}"),
    "world_snils": Text("СНИЛС", "SNILS"),
    "world_passport": Text("Паспорт", "Passport"),
    "world_passport_value": Text(
        "{series} {number}, выдан {issued}, {issued_by}, {department}",
        "{series} {number}, issued {issued}, {issued_by}, {department}",
    ),
    "world_restriction": Text("Паспорт не принимается", "Passport not accepted"),
    "world_restriction_lost": Text("утрачен", "lost"),
    "world_restriction_expired": Text("истёк срок", "expired"),
    "world_restriction_invalid": Text("недействителен", "invalid"),
    "world_heads": Text("Руководит", "Heads"),
    "world_heads_value": Text("{name} (организация {index})", "{name} (organization {index})"),
    "world_works": Text("Работает", "Works"),
    "world_works_value": Text(
        "{name} (организация {index}): {position}, {department}, с {since}",
        "{name} (organization {index}): {position}, {department}, since {since}",
    ),
}  # fmt: skip
