{# Spaces and what does not show at all, as they stand in a literal: dropped where two spellings are compared. #}
{% macro blank_characters() -%}
    {{- return(' \t\n\r\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff') -}}
{%- endmacro %}


{# What two spellings of one word have in common: lower case, no accents, full-width letters as plain ones, and none of the
   spaces, hyphens, underscores, dots, quotes and brackets around and between the parts. A text with a digit is compared as
   it is, because -1 is not 1. #}
{% macro plain_spelling(text) -%}
    {%- set letters = {
        'a': 'áàâäãåāă', 'c': 'çčć', 'd': 'ďđ', 'e': 'éèêëēęě', 'g': 'ğ', 'i': 'íìîïīı', 'l': 'ł', 'n': 'ñńň', 'o': 'óòôöõøō',
        'r': 'ř', 's': 'śšş', 't': 'ťţ', 'u': 'úùûüūů', 'y': 'ýÿ', 'z': 'žźż',
    } -%}
    {%- set accented, plain = [], [] -%}
    {%- for letter, variants in letters.items() -%}
        {%- do accented.append(variants ~ variants.replace('ı', '').upper()) -%}
        {%- do plain.append(letter * (variants ~ variants.replace('ı', '')) | length) -%}
    {%- endfor -%}
    {%- set alphabet = 'abcdefghijklmnopqrstuvwxyz' -%}
    {%- set full_width = 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ' -%}
    {%- set dropped = crm_segmentation.blank_characters() ~ '-_.\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"`\u2018\u2019\u201c\u201d[]'
        ~ '\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030c\u0327\u0328' -%}
    case
        when {{ crm_segmentation.regexp_like(text, '[0-9]') }} then lower({{ text }})
        else translate(
            lower({{ text }}),
            {{ crm_segmentation.text_literal(accented | join('') ~ full_width ~ dropped ~ "'") }},
            '{{ plain | join('') ~ alphabet ~ alphabet }}'
        )
    end
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
