{# Digits, signs and spaces as other scripts and word processors write them, each with its ASCII. #}
{%- set foreign = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
    ~ "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"
    ~ "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"
    ~ "\uff0b\uff08\uff09\uff3b\uff3d[]\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\uff0e\uff0f"
    ~ "\u00a0\u2007\u2009\u202f\u3000" -%}
{%- set ascii = "0123456789" * 3 ~ "+()()()-------./" ~ " " * 5 -%}
{# Marks that nobody sees, but that come along when a number is copied from a page. #}
{%- set invisible = "\u00ad\u200b\u200e\u200f\u202a\u202c\u202d\u2060\u2066\u2069\ufeff" ~ '"' -%}

with

phones as (

    select * from {{ ref('crm_segmentation', 'base_people__phones_seen') }}

),

ascii_phones as (

    select
        phone,
        country_code,
        trim(lower(
            case
                -- The long table costs more than all the rest: only for phones that need it.
                when {{ regexp_like('phone', '[^-+ ()./,;:#0-9A-Za-z]') }}
                    then translate(
                        phone, '{{ foreign ~ invisible }}' || chr(9) || chr(39), '{{ ascii }}'
                    )
                else phone
            end
        )) as spelling

    from phones

),

whole_phones as (

    select
        phone,
        country_code,
        {{ whole_number('spelling') }} as spelling

    from ascii_phones

),

phones_without_extension as (

    select
        phone,
        country_code,
        spelling as whole_spelling,
        {{ regexp_replace_all('spelling', '[ ;,]*(extension|extn|ext|x|#)[ .:=]*[0-9]{1,9}[ #]*$', '') }} as spelling

    from whole_phones

),

bare_phones as (

    select
        *,
        {{ regexp_replace_all('spelling', '^tel: *', '') }} as bare_spelling

    from phones_without_extension

),

phone_digits as (

    select
        phone,
        country_code,
        {{ regexp_replace_all('spelling', '[^0-9+]', '') }} as digits,
        case
            when spelling != whole_spelling
                then {{ regexp_replace_all('substr(whole_spelling, length(spelling) + 1)', '[^0-9]', '') }}
        end as phone_extension,
        {{ regexp_like('bare_spelling', '[^ -`{-~]') }} as has_letters,
        {{ regexp_like('bare_spelling', '[^-+ ()./~0-9]|[0-9].*[+]') }} as has_other_characters

    from bare_phones

)

select * from phone_digits
