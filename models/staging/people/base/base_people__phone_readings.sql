-- Guarantees that no reading of a number is chosen here: which of them exists is judged by the numbering plan in the
-- model that reads this one.
with

phones as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_calling_codes') }}

),

numbering_plans as (

    select * from {{ ref('crm_segmentation', 'base_people__numbering_plans') }}

),

phones_with_plan as (

    select
        phones.*,
        numbering_plans.trunk_prefix,
        numbering_plans.number_shapes,
        numbering_plans.own_code_lengths,
        numbering_plans.shortest_length,
        numbering_plans.longest_length,
        case
            when phones.is_international then false
            else substr(phones.digits, 1, length(phones.calling_code)) = phones.calling_code
        end as starts_with_own_code

    from phones
    left join numbering_plans
        on phones.calling_code = numbering_plans.calling_code

),

phone_readings as (

    select
        phone,
        country_code,
        phone_extension,
        has_letters,
        has_other_characters,
        digits,
        calling_code,
        number_shapes,
        shortest_length,
        longest_length,
        case
            when substr(digits, 1, length(trunk_prefix)) = trunk_prefix
                then substr(digits, length(trunk_prefix) + 1)
        end as without_trunk_prefix,
        case
            when
                not starts_with_own_code
                or {{ place_in_text("'|' || cast(length(digits) as " ~ dbt.type_string() ~ ") || '|'", 'own_code_lengths') }} > 0
                then digits
        end as as_written,
        case
            when
                starts_with_own_code
                and substr(digits, length(calling_code) + 1, length(trunk_prefix)) = trunk_prefix
                then substr(digits, length(calling_code) + length(trunk_prefix) + 1)
        end as after_own_code_and_trunk_prefix,
        case
            when starts_with_own_code then substr(digits, length(calling_code) + 1)
        end as after_own_code

    from phones_with_plan

)

select * from phone_readings
