"""What the demo company is made of: names, prices and accounts, invented."""

from collections import namedtuple

Product = namedtuple("Product", "name account price taxes", defaults=[()])
Family = namedtuple("Family", "surname first_name members city")
Vendor = namedtuple("Vendor", "name account city taxes currency", defaults=["CAD"])

# short name: (code, name, account type)
ACCOUNTS = {
    "swimming": ("4100", "Swimming", "income"),
    "martial_arts": ("4200", "Martial arts", "income"),
    "day_camp": ("4300", "Day camp", "income"),
    "membership": ("4400", "Memberships", "income"),
    "rental": ("4500", "Room rental", "income"),
    "merchandise": ("4600", "Merchandise", "income"),
    "rounding": ("4650", "Cash rounding", "income"),
    "rink": ("6310", "Rink supplies", "expense"),
    "electricity": ("6320", "Electricity", "expense"),
    "cleaning": ("6330", "Cleaning", "expense"),
    "equipment": ("6340", "Sports equipment", "expense"),
    "bank_fees": ("6510", "Bank fees", "expense"),
    "telephone": ("6520", "Telephone", "expense"),
    "interest": ("4700", "Interest", "income_other"),
    "gst_collected": ("2521", "GST collected", "liability_current"),
    "qst_collected": ("2522", "QST collected", "liability_current"),
    "gst_paid": ("1311", "GST paid", "asset_current"),
    "qst_paid": ("1312", "QST paid", "asset_current"),
}

TAXABLE = ("gst", "qst")
TAX_INCLUDED = ("gst_included", "qst_included")
PURCHASE = ("gst_purchase", "qst_purchase")

# short name: (name on the tax, rate in per cent, group, use, account short name, included in the price)
TAXES = {
    "gst": ("GST 5%", 5.0, "GST", "sale", "gst_collected", False),
    "qst": ("QST 9.975%", 9.975, "QST", "sale", "qst_collected", False),
    "gst_included": ("GST 5% included", 5.0, "GST", "sale", "gst_collected", True),
    "qst_included": ("QST 9.975% included", 9.975, "QST", "sale", "qst_collected", True),
    "gst_purchase": ("GST 5% paid", 5.0, "GST", "purchase", "gst_paid", False),
    "qst_purchase": ("QST 9.975% paid", 9.975, "QST", "purchase", "qst_paid", False),
}

# Activities of children are exempt.
PRODUCTS = {
    "swim_1": Product("Swimming lessons, levels 1 to 3", "swimming", 75.0),
    "swim_2": Product("Swimming lessons, levels 4 to 6", "swimming", 92.5),
    "swim_private": Product("Private swimming lesson", "swimming", 42.75),
    "aquafit": Product("Aquafit, adults", "swimming", 112.0, TAXABLE),
    "judo_child": Product("Judo, children", "martial_arts", 75.0),
    "karate": Product("Karate, youth", "martial_arts", 148.0),
    "judo_adult": Product("Judo, adults", "martial_arts", 180.0, TAXABLE),
    "judo_card": Product("Judo federation card", "martial_arts", 20.0),
    "camp_week": Product("Day camp, one week", "day_camp", 215.0),
    "camp_extended": Product("Day camp, extended hours", "day_camp", 45.0),
    "membership_family": Product("Family membership", "membership", 330.0, TAXABLE),
    "membership_month": Product("Individual membership, one month", "membership", 48.75, TAXABLE),
    "birthday": Product("Birthday party package", "rental", 265.0, TAXABLE),
    "room": Product("Room rental, half day", "rental", 140.0, TAXABLE),
    "tournament": Product("Tournament hall, one day", "rental", 480.0),
    "training_camp": Product("Training camp, one athlete", "martial_arts", 164.95),
    "uniform": Product("Judo uniform", "merchandise", 64.95, TAXABLE),
    "swim_cap": Product("Swim cap", "merchandise", 14.95, TAX_INCLUDED),
    "bottle": Product("Water bottle", "merchandise", 12.0, TAX_INCLUDED),
    "discount": Product("Sibling discount", "swimming", 0.0),
}

# The account owner first; the client who logs in to the portal is the first family.
FAMILIES = (
    Family("Tremblay", "Marie-Claude", ("Léa", "Félix"), "Saint-Lambert"),
    Family("Gagnon", "Stéphane", ("Noémie",), "Longueuil"),
    Family("O'Brien", "Kathleen", ("Liam", "Maeve", "Declan"), "Brossard"),
    Family("Roy", "Isabelle", ("Antoine", "Juliette"), "Saint-Lambert"),
    Family("Campbell", "Fiona", ("Isla",), "Greenfield Park"),
    Family("Nguyen", "Thi Mai", ("Kevin", "Linh"), "Brossard"),
    Family("Bouchard", "Jean-François", ("Élodie", "Thomas"), "Longueuil"),
    Family("MacDonald", "Angus", ("Flora", "Ewan"), "Saint-Lambert"),
    Family("Côté", "Sylvie", ("Mathis",), "Boucherville"),
    Family("Singh", "Harpreet", ("Arjun", "Simran", "Jasleen"), "Brossard"),
    Family("Fortin", "Geneviève", ("Zoé", "William"), "Longueuil"),
    Family("Cohen", "Rachel", ("Noah",), "Greenfield Park"),
    Family("Lavoie", "Patrick", ("Rosalie", "Émile"), "Saint-Lambert"),
    Family("Fitzgerald", "Sean", ("Nora", "Patrick"), "Longueuil"),
    Family("Morin", "Caroline", ("Olivier",), "Boucherville"),
    Family("Haddad", "Nadia", ("Karim", "Yasmine"), "Brossard"),
    Family("Pelletier", "Luc", ("Florence", "Samuel", "Maude"), "Saint-Lambert"),
    Family("Thompson", "Grace", ("Ethan",), "Greenfield Park"),
    Family("Bélanger", "Nathalie", ("Justine", "Xavier"), "Longueuil"),
    Family("Rossi", "Marco", ("Giulia", "Luca"), "Saint-Léonard"),
    Family("Gauthier", "Annie", ("Charlotte",), "Boucherville"),
    Family("Stewart", "Heather", ("Callum", "Ailsa"), "Saint-Lambert"),
    Family("Ouellet", "Martin", ("Jérémie", "Coralie"), "Longueuil"),
    Family("Papadopoulos", "Eleni", ("Nikos",), "Laval"),
    Family("Desjardins", "Véronique", ("Maëlle", "Loïc"), "Saint-Lambert"),
    Family("Kowalski", "Anna", ("Jakub", "Zofia"), "Greenfield Park"),
    Family("Bergeron", "Éric", ("Camille",), "Boucherville"),
    Family("Johnson", "Tanya", ("Malik", "Aaliyah"), "Longueuil"),
    Family("Leblanc", "Josée", ("Raphaël", "Alice", "Nathan"), "Saint-Lambert"),
    Family("Wong", "Vivian", ("Jason",), "Brossard"),
    Family("Paquette", "Daniel", ("Mégane", "Alexis"), "Longueuil"),
    Family("Murphy", "Colleen", ("Ryan",), "Greenfield Park"),
    Family("Lefebvre", "Chantal", ("Laurence", "Gabriel"), "Saint-Lambert"),
    Family("Garcia", "Lucia", ("Mateo", "Sofia"), "Longueuil"),
    Family("Simard", "Benoît", ("Ariane",), "Boucherville"),
    Family("Wilson", "Margaret", ("Owen", "Hazel"), "Saint-Lambert"),
    Family("Dubois", "Hélène", ("Théo",), "Brossard"),
    Family("Diallo", "Aminata", ("Ibrahim", "Fatou"), "Longueuil"),
    Family("Poirier", "François", ("Sarah-Maude", "Louis"), "Saint-Lambert"),
)

# $170 = 75 + 75 + 20, paid 100 at checkout: the example of the reconciliation guide.
REFERENCE_FAMILY = Family("Sample (paid 100 of 170)", "Emily", ("Oliver", "Clara"), "Saint-Lambert")
REFERENCE_ITEMS = (("swim_1", "Oliver"), ("judo_child", "Clara"), ("judo_card", "Clara"))
REFERENCE_PAID = 100.0

# short name: (name, city, country, currency)
CLUBS = {
    "burlington": ("Burlington Judo Club", "Burlington, VT", "us", "USD"),
    "plattsburgh": ("Plattsburgh Swim Team", "Plattsburgh, NY", "us", "USD"),
    "strasbourg": ("Judo-Club de l'Ill", "Strasbourg", "fr", "EUR"),
}

VENDORS = {
    "rink": Vendor("Fournitures Aréna Boréal inc.", "rink", "Longueuil", PURCHASE),
    "electricity": Vendor("Énergie Deux-Rives", "electricity", "Montréal", PURCHASE),
    "cleaning": Vendor("Bright & Tidy Cleaning Ltd.", "cleaning", "Brossard", PURCHASE),
    "equipment": Vendor("Great Lakes Sporting Goods", "equipment", "Buffalo, NY", (), "USD"),
}

# login: (name, function, role)
USERS = {
    "owner": ("Odette Lachance", "Owner", "group_owner"),
    "superadmin": ("Simon Adler", "Super Admin", "group_super_admin"),
    "accountant": ("Anika Patel", "Accountant", "group_accountant"),
    "desk": ("Denis Kirouac", "Admin at the desk", "group_admin"),
    "general": ("Gina Moretti", "General", "group_general"),
}
