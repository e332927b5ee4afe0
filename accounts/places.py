"""Where an organisation is at home, and which trade it is of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class County(TextChoices):
    """直轄市、縣、市, by their codes of ISO 3166-2:TW."""

    TAIPEI = "TPE", _("Taipei City")
    NEW_TAIPEI = "NWT", _("New Taipei City")
    TAOYUAN = "TAO", _("Taoyuan City")
    TAICHUNG = "TXG", _("Taichung City")
    TAINAN = "TNN", _("Tainan City")
    KAOHSIUNG = "KHH", _("Kaohsiung City")
    KEELUNG = "KEE", _("Keelung City")
    HSINCHU_CITY = "HSZ", _("Hsinchu City")
    CHIAYI_CITY = "CYI", _("Chiayi City")
    HSINCHU = "HSQ", _("Hsinchu County")
    MIAOLI = "MIA", _("Miaoli County")
    CHANGHUA = "CHA", _("Changhua County")
    NANTOU = "NAN", _("Nantou County")
    YUNLIN = "YUN", _("Yunlin County")
    CHIAYI = "CYQ", _("Chiayi County")
    PINGTUNG = "PIF", _("Pingtung County")
    YILAN = "ILA", _("Yilan County")
    HUALIEN = "HUA", _("Hualien County")
    TAITUNG = "TTT", _("Taitung County")
    PENGHU = "PEN", _("Penghu County")
    KINMEN = "KIN", _("Kinmen County")
    LIENCHIANG = "LIE", _("Lienchiang County")


class Sector(TextChoices):
    """大類 of the 行業統計分類, 11th revision (主計總處, 2021), by their letters."""

    AGRICULTURE = "A", _("Agriculture, forestry, fishing and animal husbandry")
    MINING = "B", _("Mining and quarrying")
    MANUFACTURING = "C", _("Manufacturing")
    ENERGY = "D", _("Electricity and gas supply")
    WATER = "E", _("Water supply and remediation")
    CONSTRUCTION = "F", _("Construction")
    TRADE = "G", _("Wholesale and retail trade")
    TRANSPORT = "H", _("Transport and storage")
    HOSPITALITY = "I", _("Accommodation and food services")
    INFORMATION = "J", _("Publishing, media and information services")
    FINANCE = "K", _("Finance and insurance")
    REAL_ESTATE = "L", _("Real estate")
    PROFESSIONAL = "M", _("Professional, scientific and technical services")
    SUPPORT = "N", _("Support services")
    ADMINISTRATION = "O", _("Public administration and defence")
    EDUCATION = "P", _("Education")
    HEALTH = "Q", _("Health care and social work")
    ARTS = "R", _("Arts, entertainment and recreation")
    OTHER_SERVICES = "S", _("Other services")
