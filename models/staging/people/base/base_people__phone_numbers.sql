{# In the order of preference: the first that fits the numbering plan is the number. #}
{%- set readings = [
    'without_trunk_prefix',
    'as_written',
    'after_own_code_and_trunk_prefix',
    'after_own_code',
    'digits',
] -%}

with

phone_readings as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_readings') }}

),

national_numbers as (

    select
        *,
        case
            when has_letters or has_other_characters then null
            else {{ first_viable_number(readings, 'number_shapes') }}
        end as national_number

    from phone_readings

),

judged_numbers as (

    select
        phone,
        country_code,
        calling_code,
        national_number,
        phone_extension,
        case
            when has_letters then 'phone_has_letters'
            when has_other_characters then 'phone_has_other_characters'
            when digits = '' then 'phone_too_short'
            when
                replace(digits, substr(digits, 1, 1), '') = ''
                or replace(national_number, substr(national_number, 1, 1), '') = ''
                -- 0123456, 123456789 and the like
                or (length(digits) > 6 and {{ place_in_text('digits', "'0123456789012345'") }} in (1, 2))
                then 'phone_is_a_placeholder'
            when calling_code is null then 'phone_country_unknown'
            when national_number is not null then null
            when length(digits) < shortest_length then 'phone_too_short'
            when length(digits) > longest_length then 'phone_too_long'
            else 'phone_not_in_numbering_plan'
        end as rejection_reason

    from national_numbers

),

dialled_numbers as (

    select
        phone,
        country_code,
        rejection_reason,
        phone_extension,
        case when rejection_reason is null then '+' || calling_code || national_number end
            as phone_e164

    from judged_numbers

),

phone_numbers as (

    select
        phone,
        country_code,
        rejection_reason,
        phone_e164,
        phone_e164 || case when phone_extension is null then '' else ';ext=' || phone_extension end as phone_line

    from dialled_numbers

)

select * from phone_numbers
