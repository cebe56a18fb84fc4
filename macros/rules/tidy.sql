{# Lower-cased when it is an address by the rules of RFC 5321 and 5322 for plain ASCII without quotes; else null.
   Judged before lower(), which makes a plain k of the Kelvin sign and so another person's address. #}
{% macro email_address(text) -%}
    {%- set atom = "[A-Za-z0-9!#$%&" ~ dbt.escape_single_quotes("'") ~ "*+/=?^_`{|}~-]+" -%}
    {%- set label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?' -%}
    case
        when
            length({{ text }}) <= 254
            and {{ crm_segmentation.regexp_like(text, '^' ~ atom ~ '([.]' ~ atom ~ ')*@(' ~ label ~ '[.])+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z])$') }}
            and length({{ crm_segmentation.text_part(text, '@', 1) }}) <= 64
            then lower({{ text }})
    end
{%- endmacro %}


{# An identifier as it is compared: in lower case. The Kelvin sign and the dotted capital I stay what they are, because lower()
   makes plain letters of them and so another one's identifier. #}
{% macro folded_identifier(text) -%}
    {%- set signs, stand_ins = "\u212a\u0130", "\ue000\ue001" -%}
    translate(lower(translate({{ text }}, '{{ signs }}', '{{ stand_ins }}')), '{{ stand_ins }}', '{{ signs }}')
{%- endmacro %}


{# One space between words; case and script stay as the person writes them. #}
{% macro tidy_name(text) -%}
    {{ crm_segmentation.regexp_replace_all(text, '[ ]+', ' ') }}
{%- endmacro %}


{# The items of a list a|b without space around them. #}
{% macro tidy_list(text) -%}
    {%- set space = '[ \t\u00a0]*' -%}
    {{ crm_segmentation.regexp_replace_all(
        crm_segmentation.trim_whitespace(text), space ~ '[|]' ~ space, '|'
    ) }}
{%- endmacro %}


{# What a language is looked up by: en-US and en_GB are English. #}
{% macro language_spelling(text) -%}
    case
        when {{ crm_segmentation.regexp_like('lower(' ~ text ~ ')', '^[a-z]{2,3}[-_]') }}
            then {{ crm_segmentation.text_part('replace(lower(' ~ text ~ "), '_', '-')", '-', 1) }}
        else lower({{ text }})
    end
{%- endmacro %}


{# Lower case, with one underscore for every run of other characters: how event names are compared. #}
{% macro snake_case(text) -%}
    {{ crm_segmentation.regexp_replace_all(crm_segmentation.regexp_replace_all('lower(' ~ text ~ ')', '[^a-z0-9]+', '_'), '^_|_$', '') }}
{%- endmacro %}


{# Between 120 years before the as-of date and the as-of date, and none of those that systems write where they know none; else
   null. #}
{% macro possible_birth_date(date) -%}
    case
        when {{ crm_segmentation.is_placeholder('cast(' ~ date ~ ' as ' ~ dbt.type_string() ~ ')', 'birth_date') }} then null
        when {{ date }} <= {{ crm_segmentation.as_of_date() }} and {{ crm_segmentation.years_ago(date) }} <= 120 then {{ date }}
    end
{%- endmacro %}


{# A moment that has come by the as-of date; else null. #}
{% macro unless_later(moment) -%}
    case when {{ moment }} < {{ crm_segmentation.as_of_end() }} then {{ moment }} end
{%- endmacro %}


{# An amount of 0 or more; else null. #}
{% macro unless_negative(amount) -%}
    case when {{ amount }} >= 0 then {{ amount }} end
{%- endmacro %}


{# The country that national phone numbers are read in when a contact names none; null when not set. #}
{% macro default_country() -%}
    cast({{ "'" ~ var('default_country') ~ "'" if var('default_country') else 'null' }} as {{ dbt.type_string() }})
{%- endmacro %}


{# The country by which a contact's national phone number is read. A country that is named and unknown does not become the default
   one, because a number that is read by the wrong country could be a stranger's. #}
{% macro phone_country(country, country_code) -%}
    case when {{ country }} is null then {{ crm_segmentation.default_country() }} else {{ country_code }} end
{%- endmacro %}


{# The section of a site that a path leads to, in lower case: garden of /Garden/roses?page=2. Empty for the root. #}
{% macro first_part_of_path(path) -%}
    {%- set part = 'case when ' ~ path ~ " like '/%' then substr(lower(" ~ path ~ '), 2) else lower(' ~ path ~ ') end' -%}
    {%- set part = crm_segmentation.text_part(crm_segmentation.text_part(crm_segmentation.text_part(part, '/', 1), '?', 1), '#', 1) -%}
    coalesce({{ part }}, '')
{%- endmacro %}
