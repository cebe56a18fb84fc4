with

scored_pairs as (

    {{ scored_pairs() }}

),

pairs_to_review as (

    select
        cast(record_id_a as {{ dbt.type_string() }}) as record_id_a,
        cast(record_id_b as {{ dbt.type_string() }}) as record_id_b,
        cast(match_probability as numeric(7, 6)) as match_probability,
        cast(coalesce(held_back_by, 'probability') as {{ dbt.type_string() }}) as held_back_by,
        cast(first_name_level as {{ dbt.type_string() }}) as first_name_level,
        cast(last_name_level as {{ dbt.type_string() }}) as last_name_level,
        cast(birth_date_level as {{ dbt.type_string() }}) as birth_date_level,
        cast(email_level as {{ dbt.type_string() }}) as email_level,
        cast(household_level as {{ dbt.type_string() }}) as household_level

    from scored_pairs

    where
        match_probability >= {{ var('fuzzy_review_probability') }}
        and (match_probability < {{ var('fuzzy_accept_probability') }} or held_back_by is not null)

)

select * from pairs_to_review
