with

contact_traits as (

    select * from {{ ref('contact_traits') }}
    where not is_erased

),

-- One pass: every contact is read once and becomes a row for each trait, trait=value.
trait_values as (

    {{ explode_texts('contact_traits', ['contact_id'], trait_texts(), 'trait_value') }}

)

select * from trait_values
