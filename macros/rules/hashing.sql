{# SHA-256 in lower-case hex of a value in the platform's normal form, without salt; null for null and for nothing. #}
{% macro hashed(normal_form) -%}
    case when {{ normal_form }} != '' then {{ crm_segmentation.sha256_hex(normal_form) }} end
{%- endmacro %}


{# Meta's own library leaves alone what is a hash already. #}
{% macro hashed_unless_hash(normal_form) -%}
    case
        when {{ crm_segmentation.regexp_like(normal_form, '^([0-9a-f]{32}|[0-9a-f]{64})$') }} then {{ normal_form }}
        when {{ normal_form }} != '' then {{ crm_segmentation.sha256_hex(normal_form) }}
    end
{%- endmacro %}


{# Meta, X and Snap: e-mail. Meta and Google: names. #}
{% macro trimmed_lower(text) -%}
    lower({{ crm_segmentation.trim_whitespace(text) }})
{%- endmacro %}


{# Google: no white space anywhere, which is looked for first, because translate is dear. Dots before @gmail.com and @googlemail.com go
   where the destination says so. #}
{% macro google_email(email, drops_gmail_dots) -%}
    {%- set bare = 'lower(case when ' ~ crm_segmentation.regexp_like(email, '[^!-~]') ~ ' then translate(' ~ email ~ ', '
        ~ crm_segmentation.whitespace_characters() ~ ", '') else " ~ email ~ ' end)' -%}
    case
        when {{ drops_gmail_dots }} and {{ crm_segmentation.text_part(bare, '@', 2) }} in ('gmail.com', 'googlemail.com')
            then replace({{ crm_segmentation.text_part(bare, '@', 1) }}, '.', '') || '@' || {{ crm_segmentation.text_part(bare, '@', 2) }}
        else {{ bare }}
    end
{%- endmacro %}


{# Meta and Snap: digits with the country code, no +, no leading zeros. #}
{% macro phone_digits(phone) -%}
    {{ crm_segmentation.regexp_replace_all(crm_segmentation.regexp_replace_all(phone, '[^0-9]', ''), '^0+', '') }}
{%- endmacro %}


{# Meta: city and state without digits, dots, spaces, hyphens and brackets. #}
{% macro meta_place(text) -%}
    translate({{ crm_segmentation.trimmed_lower(text) }}, '0123456789. -()[]{}', '')
{%- endmacro %}


{# Meta: lower case, no spaces, the part before a hyphen. #}
{% macro meta_postal_code(text) -%}
    {{ crm_segmentation.text_part('replace(' ~ crm_segmentation.trimmed_lower(text) ~ ", ' ', '')", '-', 1) }}
{%- endmacro %}


{# A SHA-256 in lower-case hexadecimal digits; null for what is none, an MD5 or an address among it. #}
{% macro sha256_digits(text) -%}
    case when {{ crm_segmentation.regexp_like('lower(' ~ text ~ ')', '^[0-9a-f]{64}$') }} then lower({{ text }}) end
{%- endmacro %}
