{# Spaces and what does not show at all, as they stand in a literal: dropped where two spellings are compared. #}
{% macro blank_characters() -%}
    {{- return(' \t\n\r\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff') -}}
{%- endmacro %}


{# Letters with accents and full-width ones, and the plain letters that stand for them: two texts of one length, for translate. #}
{% macro unaccented_letters() -%}
    {%- set letters = {
        'a': 'áàâäãåāăą', 'c': 'çčć', 'd': 'ďđ', 'e': 'éèêëēęě', 'g': 'ğ', 'i': 'íìîïīı', 'l': 'ł', 'n': 'ñńň', 'o': 'óòôöõøōő', 'r': 'ř',
        's': 'śšşș', 't': 'ťţț', 'u': 'úùûüūůű', 'y': 'ýÿ', 'z': 'žźż',
    } -%}
    {%- set accented, plain = [], [] -%}
    {%- for letter, variants in letters.items() -%}
        {%- do accented.append(variants ~ variants.replace('ı', '').upper()) -%}
        {%- do plain.append(letter * (variants ~ variants.replace('ı', '')) | length) -%}
    {%- endfor -%}
    {%- set alphabet = 'abcdefghijklmnopqrstuvwxyz' -%}
    {%- set full_width = 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ' -%}
    {{- return((accented | join('') ~ full_width, plain | join('') ~ alphabet ~ alphabet)) -}}
{%- endmacro %}


{# Hyphens, points, quotes and square brackets, in which spellings of one word differ. #}
{% macro word_signs() -%}
    {{- return('-_.\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"`\u2018\u2019\u201c\u201d[]') -}}
{%- endmacro %}


{# Accents that stand as characters of their own behind their letter. #}
{% macro combining_accents() -%}
    {{- return('\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0326\u0327\u0328') -}}
{%- endmacro %}


{# What two spellings of one word have in common: lower case, no accents, full-width letters as plain ones, and none of the
   spaces, hyphens, underscores, dots, quotes and brackets around and between the parts. A text with a digit is compared as
   it is, because -1 is not 1. #}
{% macro plain_spelling(text) -%}
    {%- set accented, plain = crm_segmentation.unaccented_letters() -%}
    {%- set dropped = crm_segmentation.blank_characters() ~ crm_segmentation.word_signs() ~ crm_segmentation.combining_accents() -%}
    case
        when {{ crm_segmentation.regexp_like(text, '[0-9]') }} then lower({{ text }})
        else translate(lower({{ text }}), {{ crm_segmentation.text_literal(accented ~ dropped ~ "'") }}, '{{ plain }}')
    end
{%- endmacro %}


{# The words of a name in lower case, without accents, digits and signs, in three forms with a space between them: with an underscore
   for every sign and where small letters turn into capitals (smsStop: _sms_stop_), with one for every sign, and without any. #}
{% macro parted_words(text) -%}
    {%- set accented, plain = crm_segmentation.unaccented_letters() -%}
    {%- set signs = ' \t\n\r\u00a0\u2002\u2003\u2009\u202f\u3000' ~ crm_segmentation.word_signs() ~ '0123456789(){}<>!?,;:/|+*#&=~@^' ~ "'" -%}
    {%- set dropped = '\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff' ~ crm_segmentation.combining_accents() -%}
    {%- set capitals = 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄ' -%}
    {%- set letters, small = accented ~ capitals, plain ~ capitals.lower() -%}
    {%- set shown = 'translate(' ~ text ~ ', ' ~ crm_segmentation.text_literal(dropped) ~ ", '')" -%}
    {%- set parted = crm_segmentation.regexp_replace_all(
        crm_segmentation.regexp_replace_all(shown, '([a-z])([A-Z])', '\\1_\\2'), '([A-Z])([A-Z][a-z])', '\\1_\\2'
    ) -%}
    {%- set with_signs = crm_segmentation.text_literal(letters ~ signs ~ dropped) ~ ", '" ~ small ~ '_' * signs | length ~ "'" -%}
    {%- set without_signs = crm_segmentation.text_literal(letters ~ signs ~ dropped) ~ ", '" ~ small ~ "'" -%}
    {{ dbt.concat([
        "'_'", 'translate(lower(' ~ parted ~ '), ' ~ with_signs ~ ')', "'_ _'", 'translate(lower(' ~ text ~ '), ' ~ with_signs ~ ')',
        "'_ _'", 'translate(lower(' ~ text ~ '), ' ~ without_signs ~ ')', "'_'",
    ]) }}
{%- endmacro %}


{# What an order status is looked up by: lower case, with underscores for spaces and hyphens. #}
{% macro status_spelling(text) -%}
    translate(lower({{ text }}), ' -', '__')
{%- endmacro %}


{# What a channel is looked up by. Nearly every event has its channel in the one plain form, which has not to be worked out. #}
{% macro channel_spelling(text) -%}
    {%- set plain_names = ['web', 'app', 'store'] -%}
    {%- for channel in var('consent_defaults') if modules.re.match('^[a-z]+$', channel) -%}
        {%- do plain_names.append(channel) -%}
    {%- endfor -%}
    case when {{ text }} in ({{ crm_segmentation.text_literals(plain_names) }}) then {{ text }} else {{ crm_segmentation.plain_spelling(text) }} end
{%- endmacro %}
