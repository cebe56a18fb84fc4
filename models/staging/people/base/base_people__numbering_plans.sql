with

countries as (

    select * from {{ ref('crm_segmentation', 'countries') }}

),

-- Countries that share a calling code share its plan.
numbering_plans as (

    select distinct
        calling_code,
        trunk_prefix,
        number_shapes,
        own_code_lengths,
        cast({{ regexp_replace_all('substr(number_lengths, 2)', '[|].*$', '') }} as integer)
            as shortest_length,
        cast(
            {{ regexp_replace_all(
                'substr(number_lengths, 1, length(number_lengths) - 1)', '^.*[|]', ''
            ) }} as integer
        ) as longest_length

    from countries
    where calling_code is not null

)

select * from numbering_plans
