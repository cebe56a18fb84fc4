{# Digits, plus sign, brackets, hyphens and spaces as other scripts and word processors write them. #}
{% set foreign = "０１２３４５６７８９" ~ "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"
    ~ "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"
    ~ "＋（）［］[]\u2010\u2011\u2012\u2013\u2014\u2212－．／\u00a0\u2007\u202f\u3000\t\n\r" %}
{% set ascii = "0123456789" * 3 ~ "+()()()-------./       " %}
{# Marks that cannot be seen, but come along when a number is copied from a web page. #}
{% set invisible = "\u00ad\u200b\u200e\u200f\u202a\u202c\u202d\u2060\u2066\u2069\ufeff" %}

with

phones as (

    select * from {{ ref('base_people__phones_seen') }}

),

countries as (

    select * from {{ ref('countries') }}

),

calling_codes as (

    select distinct calling_code from countries
    where calling_code is not null

),

ascii_phones as (

    select
        phone,
        country_code,
        trim(lower(translate(phone, '{{ foreign ~ invisible }}', '{{ ascii }}'))) as spelling
    from phones

),

phones_without_extension as (

    select
        phone,
        country_code,
        {{ regexp_replace_all(
            'spelling', '^tel: *|[ ;,]*(extension|extn|ext|x|#)[ .:=]*[0-9]{1,9}[ #]*$', ''
        ) }} as spelling
    from ascii_phones

),

dialled_phones as (

    select
        phone,
        country_code,
        spelling,
        {{ regexp_replace_all('spelling', '[^0-9+]', '') }} as dialled
    from phones_without_extension

),

phones_from_abroad as (

    select
        dialled_phones.*,
        countries.calling_code as home_calling_code,
        -- A calling code never starts with 0.
        case
            when substr(dialled, 1, 1) = '+' then substr(dialled, 2)
            when
                substr(dialled, 1, length(coalesce(international_prefix, '00')))
                = coalesce(international_prefix, '00')
                and substr(dialled, length(coalesce(international_prefix, '00')) + 1, 1) <> '0'
                then substr(dialled, length(coalesce(international_prefix, '00')) + 1)
        end as digits_from_abroad
    from dialled_phones
    left join countries
        on dialled_phones.country_code = countries.country_code

)

select * from phones_from_abroad
