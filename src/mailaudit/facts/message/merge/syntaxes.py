"""The merge syntaxes of the trade: what each looks like, and which programs write it.

Sources: the documentation of the programs named beside each pattern. A pattern takes no opening mark within a field, so
that looking for one costs no more than reading the text.
"""

from msgspec import Struct

_WORD = r"[^\W\d]"
# Field names that make a field of a mark which is common in prose: {name}, [first name], %email%, #NAME#.
_KNOWN = (
    r"(?:first|last|full|user|sur|middle|nick|fore|given|family|display|recipient|contact|company|customer|client)?"
    r"[ _\-]?name|fname|lname|e-?mail(?:[ _]?address)?|company|organi[sz]ation|salutation|anrede|vorname|nachname|"
    r"pr[eé]nom|nom|civilit[eé]|nombre|apellidos?|nome|cognome|sobrenome|voornaam|achternaam|"
    r"unsub(?:scribe|scription)?(?:[ _]?(?:url|link|text))?|(?:web|browser)[ _]?(?:view|version)(?:[ _]?(?:url|link))?|"
    r"(?:profile|preferences?|manage|email|archive|forward|confirmation|optout|opt_out|signout)[ _]?(?:url|link)|"
    r"list[ _]?(?:name|address)|sender[ _]?(?:name|address)|physical[ _]?address|webversion"
)
# The same words in other languages, which stand alone in brackets too.
_ELSEWHERE = (
    r"imię|nazwisko|jméno|příjmení|förnamn|efternamn|fornavn|etternavn|etunimi|sukunimi|keresztnév|vezetéknév|prenume|"
    r"имя|фамилия|отчество|фио|ім\W?я|прізвище|όνομα|επώνυμο|お?名前|氏名|会社名|姓名|名字|이름|성명|الاسم|שם"
)


class Syntax(Struct, frozen=True):
    """One way to write a field; `is_certain` is false where other texts are written alike."""

    name: str
    pattern: str
    programs: str
    is_certain: bool = True


SYNTAXES = (
    Syntax("braces", r"\{\{\{?[-~]?\s{0,9}(?:\$\{[A-Za-z_][\w.]{0,60}\}[^{}<>\r\n]{0,100}|[#/^&.$>!@*:='\"]{0,2}\s?"
           r"[^\W\d][^{}<>\r\n]{0,200}?)\s{0,9}[-~]?\}?\}\}",
           "Handlebars, Mustache, Liquid, Jinja, Twig, Go: Brevo, Postmark, HubSpot, Klaviyo, listmonk, Braze, Odoo"),
    Syntax("statement", rf"\{{%[-+]?\s{{0,9}}{_WORD}[^{{}}<>\r\n]{{0,200}}?\s{{0,9}}[-+]?%\}}", "Liquid, Jinja, Twig"),
    Syntax("statement", r"\{%[-+]?\s{0,9}(?:el)?(?:if|unless|elsif)\s[^{}\r\n]{1,200}%\}", "Liquid, Jinja: a < b"),
    Syntax("broken-braces", r"\{\{\s{0,9}[^\W\d][\w. ]{0,60}\}(?!\})", "a closing brace is missing"),
    Syntax("broken-braces", rf"\{{\{{\s{{0,9}}(?:{_KNOWN}|{_ELSEWHERE})(?![\w.])", "the closing braces are missing"),
    Syntax("smarty", r"\{\$[A-Za-z][\w.\-|:'\" >\[\]]{0,100}\}", "Smarty, MailerLite, Latte"),
    Syntax("smarty", r"\{/?(?:if|else|elseif|foreach|section)(?:\s[^{}\r\n]{1,100})?\}", "Smarty, MailerLite"),
    Syntax("mautic", r"\{(?:contactfield|leadfield|ownerfield|pagelink|assetlink|form|focus|"
           r"dynamiccontent)=[^{}\r\n]{1,100}\}", "Mautic"),
    Syntax("mautic", r"\{(?:unsubscribe_text|unsubscribe_url|webview_text|webview_url|tracking_pixel|signature|dnc_url|"
           r"resubscribe_url)\}", "Mautic"),
    Syntax("civicrm", r"\{(?:contact|action|domain|mailing|membership|contribution|event|subscriber|user|customer|recipient|"
           r"member|lead|company|order|campaign|list)\.[A-Za-z_][\w.:|\- \"]{0,80}\}", "CiviCRM, MailerLite"),
    Syntax("acymailing", r"\{(?:subtag|usertag|subscriber|user|readonline|confirm):[\w|:;%. \-]{1,80}\}", "AcyMailing"),
    Syntax("salesforce", r"\{!\$?[A-Za-z_][\w.\" ]{0,80}\}", "Salesforce, AWeber"),
    Syntax("named-braces", rf"\{{\s{{0,3}}(?:(?:contact|subscriber|recipient|customer|user):)?(?:{_KNOWN}|{_ELSEWHERE})"
           r"\s{0,3}(?:[|,:][^{}\r\n]{0,60})?\}", "Mailster, Newsletter, older tools"),
    Syntax("snake-braces", r"\{[A-Za-z]{2,20}(?:_[A-Za-z0-9]{1,20}){1,5}\}", "WooCommerce, AcyMailing, home-made templates",
           is_certain=False),
    Syntax("broken-mailchimp", r"(?-i:\*\|[A-Z][A-Z0-9_:]{1,40}(?:\|(?!\*)|\*(?!\|)))", "a mark is missing"),
    Syntax("mailchimp", r"\*\|[A-Za-z/!][^|*\r\n<]{0,100}(?:\|[A-Za-z0-9_]{1,20})?\|\*", "Mailchimp, Mandrill"),
    Syntax("ampscript", r"%%=[^%\r\n]{1,200}?=%%", "Salesforce Marketing Cloud"),
    Syntax("ampscript", r"%%\[[^%\r\n]{0,300}?\]%%", "Salesforce Marketing Cloud"),
    Syntax("percent-twice", r"%%[A-Za-z_][\w \-]{0,60}%%", "Salesforce Marketing Cloud, Klick-Tipp"),
    Syntax("mailgun", r"%(?:recipient|tag|mailing_list|subscriber|contact|user|member|list)[._:][A-Za-z_][\w.\-]{0,60}%",
           "Mailgun, MailBeez"),
    Syntax("python", r"%\([A-Za-z_]\w{0,40}\)[sd](?!\w)", "programs written in Python"),
    Syntax("percent", r"(?<![\w%])%(?![0-9A-F]{2}%)(?!(?:LOCAL)?APPDATA|USERPROFILE|TE?MP%|PATH%|WINDIR|PROGRAM|SYSTEM)"
           r"(?-i:[A-Z][A-Z0-9_\-]{0,60}[A-Z0-9])%(?![0-9A-Fa-f]{2})",
           "ActiveCampaign, Sendinblue, older tools"),
    Syntax("percent", rf"(?<![\w%])%(?:{_KNOWN}|{_ELSEWHERE})%(?![0-9A-Fa-f]{{2}})", "older tools"),
    Syntax("brackets", rf"\[\[\s{{0,9}}(?:{_WORD}[\w.\-]{{0,60}}(?::[^\[\]<>\r\n]{{0,120}}|(?: OR|\s?[|])"
           rf"[^\[\]<>\r\n]{{1,80}}|"
           rf" [a-z_]{{1,30}}=[^\[\]<>\r\n]{{1,80}}|\s[\"'][^\[\]<>\r\n]{{0,80}})?|{_KNOWN})\s{{0,9}}\]\]",
           "Mailjet, GetResponse, Constant Contact"),
    Syntax("campaign-monitor", r"\[[A-Za-z][\w ]{0,40},\s?fallback=[^\[\]\r\n]{0,80}\]", "Campaign Monitor, Sendy"),
    Syntax("dotted-brackets", r"\[(?:contact|subscriber|recipient|customer|member|lead|account)\.[A-Za-z][\w ]{1,40}\]",
           "Campaigner"),
    Syntax("value", r"\[object Object\]", "JavaScript: what a field became"),
    Syntax("value", r"#(?:REF!|VALUE!|NAME\?|DIV/0!)", "spreadsheets: what a field became"),
    Syntax("php", r"\$\w{1,40}(?:</b>)? in (?:<b>)?/[^\s<>]{1,120} on line \d", "a warning of PHP"),
    Syntax("printf", r"(?<![\w%])%(?:\d\$)?(?-i:s)(?![\w%])", "programs in C, PHP, Python", is_certain=False),
    Syntax("mailpoet", r"\[(?:subscriber|newsletter|link|date|site|user|node|current-user|simplenews-[a-z]{1,30}|"
           r"contact_attribute|member|postindex|custom)(?::[A-Za-z][\w\-]{0,60}){1,3}(?: ?\|[^\[\]\r\n]{1,60})?\]",
           "MailPoet, Drupal, Benchmark"),
    Syntax("emma", r"\[%\s?[A-Za-z_][^\[\]%\r\n]{0,80}%\]", "Emma, Template Toolkit"),
    Syntax("inxmail", r"\[%[a-z]{2,20}[:\-][a-z\-]{2,40}(?:;[^\[\]\r\n]{0,300})?\]", "Inxmail"),
    Syntax("phplist", r"\[(?:(?:FIRST|LAST|FULL) ?NAME|NAME|EMAIL|COMPANY|PR[EÉ]NOM|NOM|VORNAME|NACHNAME|(?:UN)?SUBSCRIBEURL|"
           r"PREFERENCESURL|FORWARDURL|CONFIRMATIONURL|BLACKLISTURL|JUMPOFFURL|USERID|USERTRACK|LISTOWNER|FOOTER|"
           r"fname|lname|(?:first|last|full|sur|user|company|contact|customer|recipient|subscriber)[ _\-]?name|"
           r"email[ _]?address|"
           rf"pr[eé]nom|anrede|nombre|apellidos?|nome|cognome|voornaam|achternaam|{_ELSEWHERE})\]",
           "phpList, Sendy, iContact, Inxmail"),
    Syntax("snake-brackets", r"(?<!\w)(?-i:\[(?:[A-Z]{2,20}(?:_[A-Z0-9]{2,20}){1,4}|[a-z]{2,20}(?:_[a-z0-9]{2,20}){1,4})\])",
           "Mailtrain, Brevo's older editor, short codes of WordPress", is_certain=False),
    Syntax("sendgrid", r"(?-i:\[(?:unsubscribe|webversion|preferences|weblink)\])", "Campaign Monitor, SendGrid",
           is_certain=False),
    Syntax("adestra", r"\[\*[A-Za-z][\w.]{0,60}\*\]", "Upland Adestra"),
    Syntax("zoho", r"\$\[[A-Za-z][\w:.]{0,60}(?:\|[^\[\]$\r\n]{0,60})?\]\$", "Zoho Campaigns"),
    Syntax("dollar", rf"\$!?\{{\s{{0,9}}\(?{_WORD}[^{{}}<>\r\n]{{0,100}}?\s{{0,9}}\}}", "Java, Velocity, FreeMarker",
           is_certain=False),
    Syntax("dollars", rf"(?<![\w$])\${{1,2}}(?:[a-z]{{1,20}}[\-_])?(?:{_KNOWN})\${{1,2}}(?![\w$])", "Emarsys, Vtiger"),
    Syntax("dollar-name", rf"(?<![\w$])\$(?:contact_|user_)?(?:{_KNOWN})(?![\w$(\[])", "Velocity, SugarCRM",
           is_certain=False),
    Syntax("ruby", r"#\{\s?[a-z_@][\w.]{0,60}\s?\}", "Ruby", is_certain=False),
    Syntax("hashes", r"##[A-Za-z_][\w.]{0,60}##", "SendPulse, Mapp"),
    Syntax("hashes", rf"#(?:recipient:[\w: ]{{1,60}}|unsub(?:scribe)?[_ ]?(?:url|link)|"
           rf"(?-i:{_KNOWN.upper()}))#", "Moosend, SendBlaster"),
    Syntax("at-signs", rf"@(?-i:{_KNOWN.upper()})@|@@(?:{_KNOWN})@@", "Dotdigital, mail merges"),
    Syntax("razor", r"@\(?Model\.[A-Za-z_][\w.]{0,60}", "Razor (.NET)", is_certain=False),
    Syntax("infusionsoft", r"~[A-Z][A-Za-z]{1,30}\.[A-Za-z_][\w]{0,40}~", "Keap (Infusionsoft)"),
    Syntax("angles", r"<(?:first|last|full|given|family)[ _\-]?name>", "home-made templates"),
    Syntax("erb", r"<%[=\-@#]?\s{0,9}[A-Za-z_@/][^<>%\r\n]{0,160}%>", "ERB, EJS, JSP, SendGrid"),
    Syntax("php", r"<\?(?:php|=)[^<>?\r\n]{1,160}\?>", "PHP"),
    Syntax("freemarker", r"<#(?:if|else|list|assign)\b[^<>\r\n]{0,100}>", "FreeMarker"),
    Syntax("guillemets", rf"«(?:[A-Za-z]{{1,20}}_[A-Za-z_]{{1,30}}|{_KNOWN})»", "Word mail merge"),
    Syntax("dolibarr", r"(?<!\w)__(?!(?:FUNCTION|FILE|LINE|DATE|TIME|CLASS|METHOD|DIR|NAMESPACE|MODULE|TRAIT)__)"
           r"(?-i:[A-Z][A-Z0-9]{2,30}(?:_[A-Z0-9]{1,30}){0,4})__(?!\w)", "Dolibarr"),
)  # fmt: skip
