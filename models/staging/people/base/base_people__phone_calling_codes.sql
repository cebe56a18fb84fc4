-- Guarantees each number once for each country that it was seen in, because the same digits are another number abroad.
-- The calling code is null where neither the number nor its country tells it.
with

phones as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_digits') }}

),

countries as (

    select * from {{ ref('crm_segmentation', 'countries') }}

),

calling_codes as (

    select calling_code from {{ ref('crm_segmentation', 'base_people__numbering_plans') }}

),

phones_at_home as (

    select
        phones.*,
        countries.calling_code as home_calling_code,
        coalesce(countries.international_prefix, '00') as international_prefix

    from phones
    left join countries
        on phones.country_code = countries.country_code

),

phones_from_abroad as (

    select
        *,
        case
            when substr(digits, 1, 1) = '+' then substr(digits, 2)
            -- No calling code starts with 0.
            when
                substr(digits, 1, length(international_prefix)) = international_prefix
                and substr(digits, length(international_prefix) + 1, 1) != '0'
                then substr(digits, length(international_prefix) + 1)
        end as digits_from_abroad

    from phones_at_home

),

phones_with_calling_code as (

    -- No calling code is the beginning of another, so at most one of the joins finds one.
    select
        phones_from_abroad.*,
        case
            when phones_from_abroad.digits_from_abroad is null
                then phones_from_abroad.home_calling_code
            else
                coalesce(one_digit.calling_code, two_digits.calling_code, three_digits.calling_code)
        end as calling_code

    from phones_from_abroad
    left join calling_codes as one_digit
        on substr(phones_from_abroad.digits_from_abroad, 1, 1) = one_digit.calling_code
    left join calling_codes as two_digits
        on substr(phones_from_abroad.digits_from_abroad, 1, 2) = two_digits.calling_code
    left join calling_codes as three_digits
        on substr(phones_from_abroad.digits_from_abroad, 1, 3) = three_digits.calling_code

),

phone_calling_codes as (

    select
        phone,
        country_code,
        phone_extension,
        has_letters,
        has_other_characters,
        calling_code,
        digits_from_abroad is not null as is_international,
        coalesce(substr(digits_from_abroad, length(calling_code) + 1), digits) as digits

    from phones_with_calling_code

)

select * from phone_calling_codes
