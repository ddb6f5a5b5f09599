"""Families and their members, clubs, vendors, and the people who work here."""

from odoo.fields import Command

from ..statement_formats.text import fold
from . import catalogue

STREETS = ("rue des Pins", "avenue Victoria", "Elm Street", "rue Notre-Dame", "Birch Avenue", "boulevard Churchill")


def create_clients_and_vendors(centre):
    """Account owners with their members as child contacts; vendors; clubs from abroad."""
    env = centre.env
    tags = dict(zip(
        ("Family", "Member", "Club", "Vendor"),
        env["res.partner.category"].create([{"name": name} for name in ("Family", "Member", "Club", "Vendor")]),
        strict=True,
    ))  # fmt: skip
    draw = centre.random("people")
    families = [*catalogue.FAMILIES, catalogue.REFERENCE_FAMILY]
    owners = env["res.partner"].create([_prepare_owner(centre, family, tags["Family"], draw) for family in families])
    members = env["res.partner"].create([
        {
            "name": f"{first_name} {family.surname.partition(' (')[0]}",
            "parent_id": owner.id,
            "type": "contact",
            "function": "Member",
            "company_id": centre.company.id,
            "category_id": [Command.set(tags["Member"].ids)],
        }
        for family, owner in zip(families, owners, strict=True)
        for first_name in family.members
    ])  # fmt: skip
    centre.families = [(owner, members.filtered(lambda m, owner=owner: m.parent_id == owner)) for owner in owners]

    clubs = env["res.partner"].create([
        {
            "name": name,
            "is_company": True,
            "city": city,
            "country_id": env.ref(f"base.{country}").id,
            "email": f"{key}@club.example.com",
            "company_id": centre.company.id,
            "category_id": [Command.set(tags["Club"].ids)],
        }
        for key, (name, city, country, _currency) in catalogue.CLUBS.items()
    ])  # fmt: skip
    centre.clubs = dict(zip(catalogue.CLUBS, clubs, strict=True))
    vendors = env["res.partner"].create([
        {
            "name": vendor.name,
            "is_company": True,
            "supplier_rank": 1,
            "city": vendor.city,
            "country_id": env.ref("base.ca" if vendor.currency == "CAD" else "base.us").id,
            "email": f"{key}@vendor.example.com",
            "company_id": centre.company.id,
            "category_id": [Command.set(tags["Vendor"].ids)],
        }
        for key, vendor in catalogue.VENDORS.items()
    ])  # fmt: skip
    centre.vendors = dict(zip(catalogue.VENDORS, vendors, strict=True))


def _prepare_owner(centre, family, tag, draw):
    return {
        "name": f"{family.first_name} {family.surname}",
        "customer_rank": 1,
        "street": f"{draw.randint(10, 990)} {draw.choice(STREETS)}",
        "city": family.city,
        "state_id": centre.env.ref("base.state_ca_qc").id,
        "country_id": centre.env.ref("base.ca").id,
        "phone": f"+1 450 555 {draw.randint(200, 999):04}",
        "email": f"{_ascii(family.first_name)}.{_ascii(family.surname.partition(' (')[0])}@example.com",
        "company_id": centre.company.id,
        "category_id": [Command.set(tag.ids)],
    }


def _ascii(name):
    return "".join(letter if letter.isalnum() else "-" for letter in fold(name))


def create_users(centre):
    """One login for each role, its password the same, and a client of the portal."""
    env = centre.env
    common = {
        "company_id": centre.company.id,
        "company_ids": [Command.set(centre.company.ids)],
        "lang": "en_US",
        "tz": "America/Toronto",
        "notification_type": "inbox",
    }
    extra = {"desk": env.ref("base.group_multi_currency")}
    users = [
        {
            **common,
            "name": name,
            "function": function,
            "login": login,
            "password": login,
            "email": f"{login}@maple-recreation.example.com",
            "group_ids": [
                Command.set([
                    env.ref(f"account_reconciliation.{role}").id,
                    *extra.get(login, env["res.groups"]).ids,
                ])
            ],
        }
        for login, (name, function, role) in catalogue.USERS.items()
    ]  # fmt: skip
    client = {
        **common,
        "partner_id": centre.families[0][0].id,
        "login": "client",
        "password": "client",
        "notification_type": "email",
        "group_ids": [Command.set(env.ref("base.group_portal").ids)],
    }
    env["res.users"].create([*users, client])
    administrator = env.ref("base.user_admin", raise_if_not_found=False)
    if administrator:
        administrator.write({
            "company_ids": [Command.link(centre.company.id)],
            "company_id": centre.company.id,
            "tz": administrator.tz or "America/Toronto",
        })  # fmt: skip
