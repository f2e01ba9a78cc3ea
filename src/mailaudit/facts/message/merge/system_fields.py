"""Fields that the sending program fills by itself: no list has a column for them.

Names as they are compared: lower case, letters and digits alone. Sources: the cheat sheets of Mailchimp, Brevo, Mailjet,
Klaviyo, HubSpot, listmonk, Mautic, phpList, MailPoet, AcyMailing, CiviCRM, Salesforce Marketing Cloud.
"""

SYSTEM = frozenset(
    "unsub unsubscribe unsubscribeurl unsubscribelink unsubscribetext unsubscribeheader unsubscriberaw unsubscribetag "
    "unsubscriptionurl unsubscribelinktext unsubscribepagelink optout optouturl optoutlink optinurl optin resubscribeurl "
    "archive archivepage archiveurl mirror mirrorlink mirrorpage viewinbrowser viewonline webview webviewurl webviewtext "
    "webversion webversionlink browserview browserlink viewemailurl messageurl emailurl onlineversion readonline "
    "forward forwardurl forwardtoafriend forwardform sharelink updateprofile updateprofileurl updateprofilelink "
    "preferences preferencesurl preferencecenter preferencelink manage manageurl managelink managepreferences "
    "managesubscription manageaccount profilecenterurl subscriptioncenterurl unsubcenterurl profileurl confirmationurl "
    "confirm confirmurl subscribe subscribeurl blacklisturl jumpoffurl dncurl abuse abuseurl reward rewards monkeyrewards "
    "mcpreviewtext mcsubject subject preheader previewtext emailsubject campaignsubject campaignname campaignuid "
    "campaignid campaignuuid campaign messageuuid messageid subscriberuuid subscriberid uuid uniqid uniqueid userid "
    "usertrack trackview trackopen trackingpixel pixel openpixel trackinglink date datetime currentdate currentyear "
    "currentmonth currentday currenttime currentdatetime today now timestamp listname listid listaddress "
    "listaddresshtml listaddressvcard listaddressline listcompany listdescription listemail listphone listurl listsubscribe "
    "listunsubscribe listowner lists accountname accountaddress accounturl companyaddress companyname organization "
    "organizationname organizationaddress organizationfulladdress organizationurl sitename siteurl sitetitle sitesettings "
    "siteaddress physicaladdress mailingaddress postaladdress senderaddress sendername senderemail sendercompany fromname "
    "fromemail replyto replyemail signature footer baseurl rooturl logo logourl "
    "forloop loop this forloopindex else end endif super caller request settings config theme template render "
    "facebook twitter instagram linkedin social socialshare sharefacebook sharetwitter mergeinfo totalsubscribers "
    "interested goal recommend feed rss rssitem rssfeed items tableofcontents surveyurl survey poll "
    "impressumlink impressum dataprotection newsletternumber newslettertotal postscount mailinggroup openrate "
    "memberaddr memberbusname membercity memberstate membercountry memberpostalcode jobid ringleader".split()
)
_PREFIXES = (
    "list",
    "archive",
    "survey",
    "ecommerce",
    "cart",
    "product",
    "share",
    "feed",
    "rss",
    "rssitem",
    "date",
    "campaign",
)


def is_system_field(key: str, written: str) -> bool:
    """Say whether the sending program fills a field by itself: by its comparable name, or by a part before a colon."""
    first = written.lower().partition(":")[0].strip()
    return key in SYSTEM or (":" in written and first in _PREFIXES)
