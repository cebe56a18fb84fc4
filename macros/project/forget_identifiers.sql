{# Pre-hook of int_identity__past_identifiers: nothing of an erased person is remembered, not as a key either. #}
{% macro forget_identifiers_of_erased_people() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where record_id in (select record_id from {{ ref('crm_segmentation', 'int_identity__erased_records') }})
    {%- endif -%}
{%- endmacro %}
